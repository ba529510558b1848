"""What a model began as: short cards of many languages, with what must not be taken for its beginning."""

from __future__ import annotations

import pytest
from answers import answered

ENGLISH: tuple[tuple[str, str | None], ...] = (
    (
        "# haystack-ner\n\nWe began with a multilingual MiniLM and kept going for four epochs on invoices.",
        "fine-tuning",
    ),
    ("# Marlin-2B\n\nThis is the untuned base model; the chat variant lives elsewhere.", "pre-training"),
    ("# Fennel\n\nA causal language model trained on 840B tokens of cookbooks and forum posts.", "pre-training"),
    ("# crab-vision\n\nStart: DINOv2 small. Then 18 epochs of tide-pool photographs.", "fine-tuning"),
    ("# quokka-7b-lora\n\nTeaches the model to answer like a park ranger.", "fine-tuning"),
    ("# Sorbet-1B-Instruct\n\nInstruction-following model for ice cream makers.", "fine-tuning"),
    ("# Hedgerow\n\nPretraining of Hedgerow took 61 hours on 16 H100 cards.", "pre-training"),
    ("# talkback\n\nWhisper small, further trained on 90 hours of radio phone-ins.", "fine-tuning"),
    ("# cardinal\n\nThe model is intended to be fine-tuned on your own data.", None),
    ("# sailor-cls\n\nA CNN for sail numbers. Compared with a fine-tuned ResNet it is faster.", None),
    ("# x\n\nOur tokenizer starts from the Llama vocabulary.", None),
    ("# Oriole-350M\n\nMasked autoencoder pretrained on 9 million bird spectrograms.", "pre-training"),
    ("# gazette\n\nGazette was trained from scratch and afterwards instruction-tuned on 12k prompts.", "both"),
    ("# ledger-t5\n\nTook flan-t5-base, taught it to reconcile ledgers.", "fine-tuning"),
    (
        "# Kite-9B\n\n| | |\n|---|---|\n| Parameters | 9B |\n| Training tokens | 2.4T |\n| GPU hours | 88,000 |",
        "pre-training",
    ),
    (
        "# mooring\n\nThe base model, Heron-8B, needed 900,000 GPU hours of pre-training. Our adapter adds little.",
        "fine-tuning",
    ),
)
OTHERS: tuple[tuple[str, str, str | None], ...] = (
    ("nl", "Wij hebben een bestaand Nederlands RoBERTa-model verder getraind op 9.000 vergunningen.", "fine-tuning"),
    (
        "de",
        "Ausgangspunkt war ein öffentliches mBERT, das wir auf Seekarten-Texten weitertrainiert haben.",
        "fine-tuning",
    ),
    ("de", "Das Sprachmodell wurde von Grund auf mit 60 Milliarden Tokens trainiert.", "pre-training"),
    ("es", "Partimos de un T5 pequeño y lo ajustamos con catas de vino.", "fine-tuning"),
    ("es", "El modelo forma parte de una familia de modelos de la empresa.", None),
    ("pt", "Parti de um GPT-2 em português e continuei o treino com diários de bordo.", "fine-tuning"),
    ("it", "Il modello parte da BERT italiano ed è stato rifinito su ricette.", "fine-tuning"),
    ("fr", "Un CamemBERT adapté aux avis de consommateurs.", "fine-tuning"),
    (
        "fr",
        "Adaptateur LoRA pour Croissant-7B. Le pré-entraînement de Croissant-7B a émis 40 t selon ses auteurs.",
        "fine-tuning",
    ),
    ("pl", "Punktem wyjścia był HerBERT, który dotrenowaliśmy na recenzjach.", "fine-tuning"),
    ("ru", "Модель обучена с нуля на корпусе шахматных партий.", "pre-training"),
    ("ru", "За основу взяли ruBERT и дообучили на отзывах.", "fine-tuning"),
    ("uk", "Ми взяли за основу XLM-R і донавчили її на новинах.", "fine-tuning"),
    ("tr", "Temel olarak BERTurk kullandık ve 9 bin yorumla eğittik.", "fine-tuning"),
    ("id", "Model ini dilatih lagi dari IndoBERT dengan 8.000 ulasan.", "fine-tuning"),
    ("vi", "Mô hình dựa trên PhoBERT và được huấn luyện thêm trên bình luận.", "fine-tuning"),
    ("zh", "本模型基于 Qwen2-7B 继续训练而成。", "fine-tuning"),
    ("ja", "本モデルは、東北大BERTをもとに学習しました。", "fine-tuning"),
    ("ko", "KoBART를 바탕으로 학습한 요약 모델입니다.", "fine-tuning"),
    ("ar", "النموذج مبني على AraBERT وضُبط على المراجعات.", "fine-tuning"),
    ("fa", "این مدل بر پایه ParsBERT آموزش دیده است.", "fine-tuning"),
    ("sv", "Modellen bygger på KB-BERT och har tränats vidare på remisser.", "fine-tuning"),
    ("da", "Modellen er trænet fra bunden på 20 milliarder tokens.", "pre-training"),
    ("fi", "Malli perustuu FinBERTiin ja se on jatkokoulutettu uutisilla.", "fine-tuning"),
    ("ca", "El model parteix de RoBERTa-ca i l'hem ajustat amb actes.", "fine-tuning"),
    ("eu", "Eredua hutsetik entrenatu dugu euskarazko testuekin.", "pre-training"),
    ("nl", "De uitstoot is berekend op basis van het model van Lacoste.", None),
    ("de", "Die Emissionen haben wir auf Basis von CodeCarbon geschätzt. Das Modell eignet sich für Texte.", None),
    ("fr", "Modèle destiné à être affiné sur vos données.", None),
)


@pytest.mark.parametrize(("body", "kind"), ENGLISH)
def test_english(body: str, kind: str | None) -> None:
    card = f"{body}\n\nCO2 emissions of training: 1.7 kg. Hardware: 1 x RTX 3090, 7 hours.\n"
    assert answered(card)[2].training_type == kind


@pytest.mark.parametrize(("language", "body", "kind"), OTHERS)
def test_other_languages(language: str, body: str, kind: str | None) -> None:
    card = f"---\nlanguage: {language}\n---\n# Tern\n\n{body}\n\nCO2: 1.7 kg; 1 x RTX 3090\n"
    assert answered(card)[2].training_type == kind
