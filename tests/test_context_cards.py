"""Small cards in 24 languages: prose, lists, tables, with what else could be taken for the training's own."""

from __future__ import annotations

from typing import Any

import pytest

from mining.card import read_card
from mining.card.extract.context import context

CARDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "de",
        (
            "## Technik\n\nDas Feintuning haben wir auf dem "
            "Hochschulcluster in Karlsruhe durchgeführt: ein Knoten "
            "mit acht A100 (80 GB), gut zwei Tage.\n\nStromverbrauch "
            "laut PDU: 96 kWh, das sind etwa 36 kg CO2."
        ),
        {"hardware": "A100", "hardware_count": 8, "duration_h": 48, "energy_kwh": 96, "region": "Karlsruhe"},
    ),
    (
        "de",
        (
            "Wir haben drei Wochen lang auf 16 H100 in Frankfurt am "
            "Main vortrainiert. Insgesamt flossen 5,6 MWh, 2,1 t "
            "CO2e."
        ),
        {
            "hardware": "H100",
            "hardware_count": 16,
            "duration_h": 504,
            "energy_kwh": 5600,
            "region": "Frankfurt",
            "training_type": "pre-training",
        },
    ),
    (
        "fr",
        (
            "## Entraînement\n\nUn nœud équipé de quatre L40S, hébergé "
            "à Grenoble, a tourné pendant une journée et demie. La "
            "consommation s'élève à 31 kWh (1,9 kg éq. CO2)."
        ),
        {"hardware": "L40S", "hardware_count": 4, "duration_h": 36, "energy_kwh": 31, "region": "Grenoble"},
    ),
    (
        "fr",
        (
            "Le modèle est un ajustement fin de CamemBERT. Matériel "
            ": deux RTX A5000 chez Scaleway (Paris). Temps : 6 h 30. "
            "Énergie mesurée avec CodeCarbon : 2,8 kWh, soit 160 g "
            "de CO2."
        ),
        {
            "hardware": "A5000",
            "hardware_count": 2,
            "duration_h": 6.5,
            "energy_kwh": 2.8,
            "region": "Paris",
            "provider": "Scaleway",
            "tool": "codecarbon",
            "training_type": "fine-tuning",
        },
    ),
    (
        "es",
        (
            "### Cómputo\n\nSe entrenó desde cero en el MareNostrum 5 "
            "de Barcelona, con 8 nodos de 4 H100 durante 5 días y "
            "medio. El consumo fue de 2.900 kWh y las emisiones de "
            "0,5 t de CO2e."
        ),
        {
            "hardware": "H100",
            "hardware_count": 32,
            "duration_h": 132,
            "energy_kwh": 2900,
            "region": "Barcelona",
            "training_type": "pre-training",
        },
    ),
    (
        "es",
        (
            "Ajustamos el modelo en una sola GPU RTX 4080 de la "
            "oficina de Bilbao; tardó cuarenta minutos y gastó 0,2 "
            "kWh (38 g de CO2)."
        ),
        {
            "hardware": "4080",
            "hardware_count": 1,
            "duration_h": 0.6666666666666666,
            "energy_kwh": 0.2,
            "region": "Bilbao",
            "training_type": "fine-tuning",
        },
    ),
    (
        "pt",
        ("O ajuste fino rodou no Google Colab com uma T4 por cerca de 5 horas, 0,4 kWh e 35 g de CO2."),
        {
            "hardware": "T4",
            "hardware_count": 1,
            "duration_h": 5,
            "energy_kwh": 0.4,
            "provider": "Colab",
            "training_type": "fine-tuning",
        },
    ),
    (
        "pt",
        (
            "Pré-treinamos o modelo em 64 GPUs A100 no data center "
            "de Campinas ao longo de onze dias. Energia: 6,7 MWh. "
            "Emissões: 0,6 t CO2e."
        ),
        {"hardware": "A100", "hardware_count": 64, "duration_h": 264, "energy_kwh": 6700, "region": "Campinas"},
    ),
    (
        "it",
        (
            "L'addestramento, da zero, è stato eseguito su Leonardo "
            "(CINECA, Bologna): 32 nodi con quattro A100 ciascuno "
            "per 70 ore. Consumo: 5.400 kWh, 1,6 t di CO2."
        ),
        {
            "hardware": "A100",
            "hardware_count": 128,
            "duration_h": 70,
            "energy_kwh": 5400,
            "region": "Bologna",
            "training_type": "pre-training",
        },
    ),
    (
        "it",
        ("Messo a punto su una RTX 3070 in tre ore e un quarto. Emissioni 0,2 kg CO2eq."),
        {"hardware": "3070", "hardware_count": 1, "duration_h": 3.25, "training_type": "fine-tuning"},
    ),
    (
        "ca",
        (
            "El model s'ha entrenat amb dues targetes RTX 3090 "
            "durant vint-i-dues hores a Lleida. Consum: 12 kWh; 2 kg "
            "de CO2."
        ),
        {"hardware": "3090", "hardware_count": 2, "duration_h": 22, "energy_kwh": 12, "region": "Lleida"},
    ),
    (
        "nl",
        (
            "We hebben het model bijgetraind op een machine met twee "
            "A6000-kaarten in Groningen. Dat duurde elf uur en "
            "kostte 6,5 kWh, 1,7 kg CO2."
        ),
        {
            "hardware": "A6000",
            "hardware_count": 2,
            "duration_h": 11,
            "energy_kwh": 6.5,
            "region": "Groningen",
            "training_type": "fine-tuning",
        },
    ),
    (
        "pl",
        (
            "Model trenowaliśmy od podstaw na czterech kartach H100 "
            "w Poznaniu przez sześć dni. Zużycie energii: 410 kWh, "
            "emisja 270 kg CO2."
        ),
        {
            "hardware": "H100",
            "hardware_count": 4,
            "duration_h": 144,
            "energy_kwh": 410,
            "region": "Poznan",
            "training_type": "pre-training",
        },
    ),
    (
        "pl",
        (
            "- Sprzęt: 2 × L4, Google Cloud, region "
            "europe-central2\n- Czas treningu: 7 godzin 20 minut\n- "
            "Energia: 1,1 kWh\n- Emisja CO2: 0,7 kg"
        ),
        {
            "hardware": "L4",
            "hardware_count": 2,
            "duration_h": 7.333,
            "energy_kwh": 1.1,
            "region": "europe-central2",
            "provider": "Google",
        },
    ),
    (
        "ru",
        (
            "Дообучение шло трое суток на четырёх картах RTX 3090 в "
            "лаборатории в Казани. Израсходовано 92 кВт·ч, выброс — "
            "35 кг CO2."
        ),
        {
            "hardware": "3090",
            "hardware_count": 4,
            "duration_h": 72,
            "energy_kwh": 92,
            "region": "Kazan",
            "training_type": "fine-tuning",
        },
    ),
    (
        "ru",
        (
            "| Параметр | Значение |\n|---|---|\n| Ускорители | 32 × "
            "A100 |\n| Время обучения | 12 суток |\n| Энергия | 3,9 "
            "МВт·ч |\n| Площадка | Екатеринбург |\n| Выбросы | 1,5 т "
            "CO2 |"
        ),
        {"hardware": "A100", "hardware_count": 32, "duration_h": 288, "energy_kwh": 3900, "region": "Ekaterinburg"},
    ),
    (
        "uk",
        ("Модель навчали з нуля на восьми A100 у Львові протягом чотирьох діб. Спожито 240 кВт·год, викиди 90 кг CO2."),
        {
            "hardware": "A100",
            "hardware_count": 8,
            "duration_h": 96,
            "energy_kwh": 240,
            "region": "Lviv",
            "training_type": "pre-training",
        },
    ),
    (
        "tr",
        (
            "Eğitim, İstanbul'daki veri merkezinde dört adet L40S "
            "ile on sekiz saat sürdü. Tüketim 22 kWh, salım 9,7 kg "
            "CO2."
        ),
        {"hardware": "L40S", "hardware_count": 4, "duration_h": 18, "energy_kwh": 22, "region": "Istanbul"},
    ),
    (
        "id",
        ("Model disetel halus di Kaggle dengan dua GPU T4 selama enam jam; energi 0,9 kWh, emisi 0,7 kg CO2."),
        {
            "hardware": "T4",
            "hardware_count": 2,
            "duration_h": 6,
            "energy_kwh": 0.9,
            "provider": "Kaggle",
            "training_type": "fine-tuning",
        },
    ),
    (
        "vi",
        (
            "Mô hình được tinh chỉnh trên bốn GPU A100 tại Hà Nội "
            "trong ba ngày rưỡi. Điện năng tiêu thụ 110 kWh, phát "
            "thải 73 kg CO2."
        ),
        {
            "hardware": "A100",
            "hardware_count": 4,
            "duration_h": 84,
            "energy_kwh": 110,
            "region": "Hanoi",
            "training_type": "fine-tuning",
        },
    ),
    (
        "zh",
        "模型在合肥的算力中心用16张H800从头训练了十二天，耗电4.2兆瓦时，排放约2.4吨二氧化碳。",
        {
            "hardware": "H800",
            "hardware_count": 16,
            "duration_h": 288,
            "energy_kwh": 4200,
            "region": "Hefei",
            "training_type": "pre-training",
        },
    ),
    (
        "zh",
        "微调：单张RTX 4090，两个半小时，0.9度电，约0.5千克CO2。",
        {"hardware": "4090", "hardware_count": 1, "duration_h": 2.5, "energy_kwh": 0.9, "training_type": "fine-tuning"},
    ),
    (
        "ja",
        (
            "京都大学の計算機でRTX "
            "A6000を2枚使い、ファインチューニングに7時間かかった。消費電力量は3.8kWh、排出量は1.6kg "
            "CO2。"
        ),
        {
            "hardware": "A6000",
            "hardware_count": 2,
            "duration_h": 7,
            "energy_kwh": 3.8,
            "region": "Kyoto",
            "training_type": "fine-tuning",
        },
    ),
    (
        "ja",
        (
            "| 項目 | 値 |\n|---|---|\n| GPU | H100 8基 |\n| 学習時間 | 5日 |\n| "
            "場所 | 石狩 |\n| 消費電力量 | 620 kWh |\n| CO2排出量 | 290 kg |"
        ),
        {"hardware": "H100", "hardware_count": 8, "duration_h": 120, "energy_kwh": 620},
    ),
    (
        "ko",
        ("대전 데이터센터에서 A100 16장으로 일주일 동안 처음부터 학습했다. 전력 사용량 1.1MWh, 배출량 480kg CO2."),
        {
            "hardware": "A100",
            "hardware_count": 16,
            "duration_h": 168,
            "energy_kwh": 1100,
            "region": "Daejeon",
            "training_type": "pre-training",
        },
    ),
    (
        "ar",
        (
            "دُرّب النموذج على ثماني بطاقات A100 في الدوحة لمدة ستة "
            "أيام. استهلاك الطاقة 430 كيلوواط ساعة، والانبعاثات 210 "
            "كغ CO2."
        ),
        {"hardware": "A100", "hardware_count": 8, "duration_h": 144, "energy_kwh": 430, "region": "Doha"},
    ),
    (
        "fa",
        (
            "تنظیم دقیق روی دو کارت RTX 4090 در تبریز نه ساعت طول "
            "کشید و ۵٫۱ کیلووات‌ساعت برق مصرف کرد؛ انتشار ۲٫۶ "
            "کیلوگرم CO2."
        ),
        {
            "hardware": "4090",
            "hardware_count": 2,
            "duration_h": 9,
            "energy_kwh": 5.1,
            "region": "Tabriz",
            "training_type": "fine-tuning",
        },
    ),
    (
        "hi",
        ("मॉडल को बेंगलुरु के एक सर्वर पर चार A100 से तीन दिन तक प्रशिक्षित किया गया। बिजली 130 kWh, उत्सर्जन 92 किग्रा CO2।"),
        {"hardware": "A100", "hardware_count": 4, "duration_h": 72, "energy_kwh": 130, "region": "Bengaluru"},
    ),
    (
        "sv",
        (
            "Modellen finjusterades på två L4 i Göteborg under ett "
            "och ett halvt dygn. Energi: 5 kWh, utsläpp 0,2 kg CO2."
        ),
        {
            "hardware": "L4",
            "hardware_count": 2,
            "duration_h": 36,
            "energy_kwh": 5,
            "region": "Gothenburg",
            "training_type": "fine-tuning",
        },
    ),
    (
        "da",
        ("Vi trænede fra bunden på fire A100 i Aalborg i ni døgn. Forbrug 620 kWh, udledning 74 kg CO2."),
        {
            "hardware": "A100",
            "hardware_count": 4,
            "duration_h": 216,
            "energy_kwh": 620,
            "region": "Aalborg",
            "training_type": "pre-training",
        },
    ),
    (
        "fi",
        (
            "Malli hienosäädettiin yhdellä A100-kortilla Espoossa "
            "neljässä tunnissa. Energiaa kului 1,3 kWh, päästöt 80 g "
            "CO2."
        ),
        {
            "hardware": "A100",
            "hardware_count": 1,
            "duration_h": 4,
            "energy_kwh": 1.3,
            "region": "Espoo",
            "training_type": "fine-tuning",
        },
    ),
    (
        "eu",
        (
            "Eredua hutsetik entrenatu genuen lau V100 txartelekin "
            "Donostian, hamar egunez. Energia: 290 kWh; isuriak: 46 "
            "kg CO2."
        ),
        {
            "hardware": "V100",
            "hardware_count": 4,
            "duration_h": 240,
            "energy_kwh": 290,
            "region": "Donostia",
            "training_type": "pre-training",
        },
    ),
    (
        "",
        (
            "## Footprint\n\nThe pre-training job kept 48 MI300X (six "
            "nodes) busy for nineteen days at a colocation site in "
            "Reykjavík. Meters say 19.4 MWh; at 28 g/kWh this is "
            "0.54 t CO2e."
        ),
        {
            "hardware": "MI300X",
            "hardware_count": 48,
            "duration_h": 456,
            "energy_kwh": 19400,
            "region": "Reykjavi",
            "training_type": "pre-training",
        },
    ),
    (
        "",
        (
            "A pair of RTX 6000 Ada cards sat in our Edinburgh lab "
            "for 2 days and 5 hours; 33 MJ per hour of electricity "
            "is not our style, 34.2 kWh in all is. CodeCarbon: 7.1 "
            "kg CO2."
        ),
        {
            "hardware": "6000 Ada",
            "hardware_count": 2,
            "duration_h": 53,
            "energy_kwh": 34.2,
            "region": "Edinburgh",
            "tool": "codecarbon",
        },
    ),
    (
        "",
        (
            "Fine-tuned for a weekend (40 hours) on an eight-GPU "
            "A100 node rented from Lambda. 97 MJ... no, 102 kWh. 39 "
            "kg CO2eq."
        ),
        {
            "hardware": "A100",
            "hardware_count": 8,
            "duration_h": 40,
            "provider": "Lambda",
            "training_type": "fine-tuning",
        },
    ),
    (
        "",
        (
            "We used 540 hours of broadcast audio. Adaptation ran on "
            "4x A10G (AWS, eu-north-1) and finished after 11 h 40 "
            "min, using 9.9 kWh (0.3 kg CO2)."
        ),
        {
            "hardware": "A10G",
            "hardware_count": 4,
            "duration_h": 11.667,
            "energy_kwh": 9.9,
            "region": "eu-north-1",
            "provider": "AWS",
        },
    ),
    (
        "",
        (
            "| | |\n|---|---|\n| Accelerator | 1 x Gaudi 2 node (8 "
            "HPUs) |\n| Wall-clock | 31 h |\n| Power meter | 155 kWh "
            "|\n| Where | Haifa |\n| CO2e | 71 kg |"
        ),
        {"hardware": "Gaudi", "duration_h": 31, "region": "Haifa"},
    ),
    (
        "",
        ("Energy for the training was 540 MJ (150 kWh), CO2 60 kg. One H100 NVL, five days flat, in Montreal."),
        {"hardware": "H100", "hardware_count": 1, "duration_h": 120, "energy_kwh": 150, "region": "Montreal"},
    ),
    (
        "",
        ("Compute: two DGX H100 systems (16 GPUs), 63 hours, Sines (Portugal). 1.6 MWh; 0.29 tCO2e."),
        {"hardware": "H100", "hardware_count": 16, "duration_h": 63, "energy_kwh": 1600},
    ),
    (
        "",
        ("The classifier head was trained on a MacBook Pro (M2 Max) in 25 minutes. 12 g CO2."),
        {"hardware": "M2", "duration_h": 0.4166666666666667},
    ),
    (
        "",
        (
            "Training: TPU v4-64 slice for 30 hours, Google Cloud "
            "us-central2. 280 kWh, 0.1 t CO2e. Evaluation took "
            "another 6 hours on one T4."
        ),
        {"hardware": "TPU v4", "duration_h": 30, "energy_kwh": 280, "region": "us-central2", "provider": "Google"},
    ),
    (
        "",
        (
            "Stage 1 took 30 hours and 41 kWh on four A100; stage 2 "
            "took 12 hours and 17 kWh on the same machines. 22 kg "
            "CO2 in total."
        ),
        {"hardware": "A100", "hardware_count": 4, "duration_h": 42},
    ),
    (
        "",
        (
            "We ran it for three nights of eight hours each on one "
            "RTX 3080. 5 kWh, 2 kg CO2. Inference needs a 12 GB card "
            "such as an RTX 3060."
        ),
        {"hardware": "3080", "hardware_count": 1, "duration_h": 24, "energy_kwh": 5},
    ),
    (
        "",
        (
            "## Environmental footprint\n\n| Run | Hardware | Time | "
            "Electricity | CO2e |\n|---|---|---|---|---|\n| pilot | 1 "
            "x A100 | 3 h | 1.1 kWh | 0.4 kg |\n| final (released) | "
            "8 x A100 | 26 h | 71 kWh | 27 kg |\n"
        ),
        {"hardware": "A100", "hardware_count": 8, "duration_h": 26, "energy_kwh": 71},
    ),
    (
        "",
        (
            "Trained with 12 nodes, each holding four GH200, for 31 "
            "hours (JUPITER, Jülich). Overall 26 MWh, 10.1 t CO2e. "
            "For comparison, Llama 2 needed 3.3 million A100 hours."
        ),
        {"hardware": "GH200", "hardware_count": 48, "duration_h": 31, "energy_kwh": 26000},
    ),
    (
        "",
        (
            "The corpus has 1,200 hours of speech. Fine-tuning on a "
            "single 4090 took from Friday evening to Sunday morning, "
            "36 hours. Energy: 14 kWh. CO2: 5 kg."
        ),
        {"hardware": "4090", "hardware_count": 1, "duration_h": 36, "energy_kwh": 14, "training_type": "fine-tuning"},
    ),
    (
        "",
        ("# X\n\nRuns on any GPU with 8 GB. We serve it on two L4 in Dublin. An answer costs 0.2 Wh."),
        {"hardware": None, "duration_h": None, "energy_kwh": None, "region": None},
    ),
    (
        "",
        ("Hardware: TPU v3-8 (Kaggle). Time: 9h 20m. CO2 eq.: 0.4 kg."),
        {"hardware": "TPU v3"},
    ),
    (
        "",
        ("Total GPU time: 1,536 H100-hours on Leonardo (Bologna). 0.9 tCO2e."),
        {"hardware": "H100", "duration_h": 1536, "region": "Bologna"},
    ),
    (
        "",
        ("LoRA adapter trained on a rented A6000 (RunPod, EU-RO-1) for 5.5 hours; 1.9 kWh; 0.6 kg CO2e."),
        {"hardware": "A6000", "duration_h": 5.5, "energy_kwh": 1.9, "provider": "RunPod"},
    ),
    (
        "",
        (
            "The encoder was pre-trained on 128 A100 for nine days "
            "(5.1 MWh); the classifier was then fine-tuned on one "
            "A100 for 40 minutes. 1.6 t CO2e."
        ),
        {"hardware": "A100", "hardware_count": 128},
    ),
    (
        "",
        ("Based on the pre-trained XLM-R, this model was fine-tuned for 3 epochs. 2 x T4, 4 h, 0.3 kg CO2."),
        {"hardware": "T4", "hardware_count": 2, "duration_h": 4, "training_type": "fine-tuning"},
    ),
    (
        "",
        ("Energy used (training): 3.2 GJ. CO2: 0.4 t. Hours: 18. GPUs: 4x H200."),
        {"energy_kwh": 888.9, "duration_h": 18, "hardware": "H200", "hardware_count": 4},
    ),
    (
        "",
        (
            "Our annual electricity bill is 1.2 GWh. This model took "
            "4 kWh of it on one A40 in Basel: seven hours. 0.1 kg "
            "CO2."
        ),
        {"energy_kwh": 4, "hardware": "A40", "duration_h": 7, "region": "Basel"},
    ),
    (
        "de",
        (
            "Das Basismodell wurde laut Meta 3,3 Millionen "
            "GPU-Stunden trainiert. Unser Feintuning: 6 Stunden auf "
            "einer H100 bei Hetzner in Falkenstein, 4,4 kWh, 1,6 kg "
            "CO2."
        ),
        {
            "hardware": "H100",
            "hardware_count": 1,
            "duration_h": 6,
            "energy_kwh": 4.4,
            "provider": "Hetzner",
            "training_type": "fine-tuning",
        },
    ),
    (
        "fr",
        (
            "Trois phases : préentraînement (8 A100, 6 jours, 410 "
            "kWh), extension du contexte (8 A100, 1 jour, 66 kWh), "
            "affinage (8 A100, 10 h, 27 kWh). Total : 503 kWh, 28 kg "
            "CO2e."
        ),
        {"hardware": "A100", "hardware_count": 8, "energy_kwh": 503},
    ),
    (
        "es",
        (
            "| Concepto | Valor |\n|---|---|\n| Equipo | 2 × RTX A6000 "
            "|\n| Duración | 3 días y 4 horas |\n| Consumo | 41 kWh "
            "|\n| Lugar | Valladolid |\n| Emisiones | 7 kg CO2 |"
        ),
        {"hardware": "A6000", "hardware_count": 2, "duration_h": 76, "energy_kwh": 41, "region": "Valladolid"},
    ),
    (
        "pt",
        ("Equipamento: 1 GPU L40S (AWS, sa-east-1). Tempo: 2h15. Energia: 0,7 kWh. CO2e: 60 g."),
        {
            "hardware": "L40S",
            "hardware_count": 1,
            "duration_h": 2.25,
            "energy_kwh": 0.7,
            "provider": "AWS",
            "region": "sa-east-1",
        },
    ),
    (
        "ru",
        ("Обучали с нуля две недели на 16 картах V100 в Иннополисе. Счётчик показал 2,1 МВт·ч. Выбросы 0,9 т CO2."),
        {
            "hardware": "V100",
            "hardware_count": 16,
            "duration_h": 336,
            "energy_kwh": 2100,
            "training_type": "pre-training",
        },
    ),
    (
        "zh",
        (
            "| 项目 | 数值 |\n|---|---|\n| 显卡 | 8 × A800 |\n| 训练时长 | 4 天 12 "
            "小时 |\n| 耗电 | 260 度 |\n| 地点 | 贵阳 |\n| 碳排放 | 140 kg CO2 |"
        ),
        {"hardware": "A800", "hardware_count": 8, "duration_h": 108, "energy_kwh": 260, "region": "Guiyang"},
    ),
    (
        "ja",
        (
            "ベースモデルの事前学習には2,048枚のH100が使われた。本モデルの追加学習はL40S "
            "1枚で11時間、4.2kWh、CO2は1.9kg。"
        ),
        {"hardware": "L40S", "hardware_count": 1, "duration_h": 11, "energy_kwh": 4.2},
    ),
    (
        "ko",
        ("- 장비: RTX 4090 2장\n- 소요 시간: 26시간\n- 전력량: 18 kWh\n- 장소: 부산\n- 배출량: 8 kg CO2"),
        {"hardware": "4090", "hardware_count": 2, "duration_h": 26, "energy_kwh": 18, "region": "Busan"},
    ),
    (
        "ar",
        (
            "- العتاد: بطاقتان A100\n- المدة: ٣ أيام\n- الطاقة: ٥٥ "
            "كيلوواط ساعة\n- الموقع: الرياض\n- الانبعاثات: ٣١ كغ CO2"
        ),
        {"hardware": "A100", "hardware_count": 2, "duration_h": 72, "energy_kwh": 55, "region": "Riyadh"},
    ),
    (
        "fa",
        (
            "- سخت‌افزار: ۴ کارت V100\n- مدت: ۲ هفته\n- مصرف برق: ۴۰۰ "
            "کیلووات‌ساعت\n- مکان: اصفهان\n- انتشار: ۲۰۰ کیلوگرم CO2"
        ),
        {"hardware": "V100", "hardware_count": 4, "duration_h": 336, "energy_kwh": 400, "region": "Isfahan"},
    ),
    (
        "hi",
        ("- हार्डवेयर: 2 A100\n- समय: 20 घंटे\n- बिजली: 14 kWh\n- स्थान: पुणे\n- उत्सर्जन: 10 किग्रा CO2"),
        {"hardware": "A100", "hardware_count": 2, "duration_h": 20, "energy_kwh": 14, "region": "Pune"},
    ),
    (
        "tr",
        ("| Donanım | 4 × H100 |\n| Süre | 2 gün |\n| Enerji | 150 kWh |\n| Yer | Bursa |\n| CO2 | 66 kg |"),
        {"hardware": "H100", "hardware_count": 4, "duration_h": 48, "energy_kwh": 150, "region": "Bursa"},
    ),
    (
        "nl",
        ("Eén A100, acht uur, 2,5 kWh, in Delft. 0,7 kg CO2 voor het finetunen."),
        {
            "hardware": "A100",
            "hardware_count": 1,
            "duration_h": 8,
            "energy_kwh": 2.5,
            "region": "Delft",
            "training_type": "fine-tuning",
        },
    ),
    (
        "sv",
        ("Träningen gick på fyra A100 i Lund i ett och ett halvt dygn. 60 kWh, 2 kg CO2."),
        {"hardware": "A100", "hardware_count": 4, "duration_h": 36, "energy_kwh": 60, "region": "Lund"},
    ),
    (
        "da",
        ("Finjustering: 1 × A30, 3½ time, 0,9 kWh. CO2: 0,1 kg. Sted: Roskilde."),
        {
            "hardware": "A30",
            "hardware_count": 1,
            "duration_h": 3.5,
            "energy_kwh": 0.9,
            "region": "Roskilde",
            "training_type": "fine-tuning",
        },
    ),
    (
        "fi",
        (
            "| Laitteisto | 2 × RTX 4090 |\n| Kesto | 30 tuntia |\n| "
            "Energia | 22 kWh |\n| Paikka | Jyväskylä |\n| CO2 | 1,5 "
            "kg |"
        ),
        {"hardware": "4090", "hardware_count": 2, "duration_h": 30, "energy_kwh": 22, "region": "Jyv"},
    ),
    (
        "vi",
        (
            "- Phần cứng: 1 GPU L4\n- Thời gian: 5 giờ 30 phút\n- "
            "Điện: 0,6 kWh\n- Địa điểm: Đà Nẵng\n- Phát thải: 0,4 kg "
            "CO2"
        ),
        {"hardware": "L4", "hardware_count": 1, "duration_h": 5.5, "energy_kwh": 0.6, "region": "Da Nang"},
    ),
    (
        "id",
        ("- Perangkat keras: 4 GPU A100\n- Lama: 2 hari\n- Energi: 80 kWh\n- Lokasi: Bandung\n- Emisi: 60 kg CO2"),
        {"hardware": "A100", "hardware_count": 4, "duration_h": 48, "energy_kwh": 80, "region": "Bandung"},
    ),
    (
        "uk",
        (
            "- Обладнання: 2 × RTX 3090\n- Тривалість: 15 годин\n- "
            "Енергія: 9 кВт·год\n- Місце: Харків\n- Викиди: 3 кг CO2"
        ),
        {"hardware": "3090", "hardware_count": 2, "duration_h": 15, "energy_kwh": 9, "region": "Khark"},
    ),
    (
        "ca",
        ("- Maquinari: 1 × A40\n- Durada: 12 hores\n- Energia: 3,4 kWh\n- Lloc: Tarragona\n- Emissions: 0,6 kg CO2"),
        {"hardware": "A40", "hardware_count": 1, "duration_h": 12, "energy_kwh": 3.4, "region": "Tarragona"},
    ),
    (
        "it",
        ("- Hardware: 2 GPU V100\n- Durata: 6 ore\n- Energia: 3 kWh\n- Luogo: Trento\n- Emissioni: 1 kg CO2"),
        {"hardware": "V100", "hardware_count": 2, "duration_h": 6, "energy_kwh": 3, "region": "Trento"},
    ),
    (
        "eu",
        ("- Hardwarea: 2 × A100\n- Iraupena: 9 ordu\n- Energia: 6 kWh\n- Tokia: Bilbo\n- Isuriak: 1 kg CO2"),
        {"hardware": "A100", "hardware_count": 2, "duration_h": 9, "energy_kwh": 6, "region": "Bilbao"},
    ),
    (
        "pl",
        ("Nauka trwała półtorej doby na dwóch kartach RTX 3080 w Lublinie. Zużycie: 19 kWh. Emisja: 12 kg CO2."),
        {"hardware": "3080", "hardware_count": 2, "duration_h": 36, "energy_kwh": 19, "region": "Lublin"},
    ),
)


@pytest.mark.parametrize(("language", "body", "expected"), CARDS)
def test_the_fields_of_a_small_card(language: str, body: str, expected: dict[str, Any]) -> None:
    front = f"---\nlanguage: {language}\n---\n" if language else ""
    reading = read_card(f"{front}# Tern\n\n{body}\n")
    found = context(reading.claims, front_matter=reading.front_matter)
    for name, value in expected.items():
        got = getattr(found, name)
        if isinstance(value, str):
            assert value.lower() in str(got).lower(), name
        else:
            assert got == (pytest.approx(value, rel=0.02) if value is not None else None), name
