"""Words that tell what a number in a card is about: emission labels, placeholders, scopes.

Plain text in, verdicts out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mining.card.lexicon.roles import find_concepts, may_name
from mining.patterns import regex
from mining.schema import Scope

_EMISSION = regex(
    r"co\W{0,14}2(?!\d)|\bc02|emission|emitted|footprint|greenhouse gas|\bghg\b|carbon (?:cost|impact|output|release|"
    r"dioxide|equivalent)|\bcarbon$|^carbon\b|"
    r"émission|emisi[oó]n|emiss[õo]es|emissão|carbone|carbono|kohlenstoff|treibhaus|co2-?aussto|kohlendioxid|炭素|排出|碳排"
    r"|二氧化碳|"
    r"탄소|углерод|выброс|"
    r"utsläpp|uitstoot|udledning|päästö|emisj|karbon|carbon(?:io|i)\b|koolstof|węglow|uhl[ií]kov|hiilijalan|碳足|カーボン"
    r"|フットプリント|^scope [123](?:\W|$)",
    re.IGNORECASE,
    stems="scope;"
    "co;c02;emi;footprint;greenhouse gas;ghg;carb;émi;kohlen;treibhaus;炭素;排出;碳;二氧化碳;탄소;углерод;выброс;"
    "utsläpp;uitstoot;udledning;päästö;karbon;koolstof;węglow;uhl;hiilijalan;カーボン;フットプリント",
)
_NOT_EMISSION = regex(
    r"intensit|efficien|\boffset|factor|per[\s_]k?wh|/\s?k?wh|\brate\b|emissions?_rate|energy mix|\bgrid\b|sources?$|"
    r"tracker|tracking|\bsav(?:ed|ings?)\b|avoided|reduc|"
    r"budget|neutral|method|calculat(?:or|ion)|estimat(?:or|ion) (?:tool|method)|\breport|\bfile\b|\blink\b|\burl\b|"
    r"positive|equivalen(?:t|ce) to|measured (?:with|using|by)|"
    r"dataset|labels?\b|(?<!of this )(?<!of the )(?<!this )classif|scope [123](?!\W{0,4}(?:location|market))"
    r"|sector|corpus|\bclaims?\b|monitor|\btool\b|\bper (?:km|kilomet|capita"
    r"|person|year)|"
    r"atco2|carbonara|hydrocarbon|bicarbon|intensité|intensität|factor de|compensa"
    r"|[系係][数數]|因子|계수|коэффициент|коефіцієнт|współczynnik|faktor|fattore|facteur|kerroin|kertoim|katsayı|hệ số"
    r"|معامل|ضریب"
    r"|गुणांक|गुणक",
    re.IGNORECASE,
    stems="系;係;因子;계수;коэффициент;коефіцієнт;współczynnik;faktor;fattore;facteur;kerroin;kertoim;katsayı;hệ số"
    ";معامل;ضریب;गुण;/;atco2;avoided;bicarbon;budget;calculat;carbonara;claim;classif;compensa;corpus;"
    "dataset;efficien;emission;energy mix;equivalen;estimat;factor;file;grid;hydrocarbon;"
    "intensit;label;link;measured ;method;monitor;neutral;offset;per;positive;rate;reduc;"
    "report;sav;scope ;sector;source;tool;tracker;tracking;url",
)
_PER_ENERGY = regex(r"per[\s_]k?wh|/\s?[km]?wh", re.IGNORECASE, stems="per;wh", as_written=True)
_SPLIT_CO2 = regex(r"[cC](?:(?<![^\W\d_].)|(?<=[\d\s(*~][gtGT].)|(?<=[kmKMG][gGtT].))[oO]\W{1,14}2")
_IN_BRACKETS = regex(r"\([^()]{0,200}\)?")
_NO_WORD = regex(r"[\s\[({<*_.\"'`-]*[\s\])}>*_.:\"'`-]*")
_PLACEHOLDER = regex(
    r"[\s\[({<*_.\"'`-]*(?:(?:more|additional) information(?: is)? (?:needed|required|to come)|information needed"
    r"|unknown|"
    r"not (?:yet )?(?:known|measured|tracked|available|reported|"
    r"calculated|computed|estimated|recorded|applicable|specified|disclosed|stated|provided|determined|logged"
    r"|documented)\b|"
    r"n[/.]?a\b\.?|none\b|null\b|nil\b|tb[dac]\b|todo\b|to be (?:determined|"
    r"measured|calculated|announced|added|filled|completed|done|estimated|computed|reported|updated|confirmed"
    r"|provided)|"
    r"forthcoming|coming soon|pending|unavailable|optional|undisclosed|"
    r"undetermined|unspecified|missing|empty|still to be|yet to be|\?+|x{2,}|…|no data|no information"
    r"|inconnu\w*|"
    r"non (?:mesur|disponible|communiqu)\w*|desconocid\w*|no disponible|"
    r"unbekannt|nicht (?:bekannt|gemessen|verf\w*)|sconosciut\w*|desconhecid\w*|não (?:medid|dispon|inform)\w*"
    r"|不明|未知|未測定|未测"
    r"|неизвест\w*|"
    r"알 수 없\w*|okänd|onbekend|ukendt|ikke kendt|"
    r"n[/.]\s?d\b\.?|s[/.]\s?d\b\.?|n[/.]\s?c\b\.?|n\.?\s?v\.?t\b\.?|n\.\s?b\b\.?|k\.\s?a\b\.?|b\.\s?d\b\.?"
    r"|н[/.]\s?д\b\.?"
    r"|keine angaben?|sin datos?|sem dados|sense dades|nessun dato|geen (?:gegevens|opgave)|brak(?: danych)?"
    r"|нет данных|немає даних|невідом\w*|(?:veri )?yok|bilinmiyor|ölçülmedi|tidak (?:ada|diukur|diketahui)"
    r"|belum diukur|không (?:có|rõ|đo)|chưa đo|ej (?:mätt|angivet)|uppgift saknas|ikke (?:målt|oplyst)|ei (?:tietoa"
    r"|mitattu|tiedossa)"
    r"|ez dago(?: daturik)?|ezezaguna|暂无|无|無|没有|未公开|未提供|なし|未計測|非公開|없음|미측정|미공개|비공개"
    r"|غير (?:متاح|متوفر|معروف)|لا يوجد|نامشخص|ندارد|अज्ञात|उपलब्ध नहीं)[\s\])}>*_.:\"'`-]*",
    re.IGNORECASE,
    stems="information;unknown;not ;/;.;vt;v.t;na;none;null;nil;tbd;tba;tbc;todo;to be;forthcoming;coming soon;pending"
    ";unavailable;optional;undisclosed;undetermined;unspecified;missing;empty;?;xx;…;no data;inconnu;non ;desconocid"
    ";no disponible;unbekannt;nicht ;sconosciut;desconhecid;não ;不明;未;неизвест;알 수 없;okänd;onbekend;ukendt;ikke "
    ";keine angabe;sin dato;sem dados;sense dades;nessun dato;geen ;brak;нет данных;немає даних;невідом;yok;bilinmiyor"
    ";ölçülmedi;tidak ;belum diukur;không ;chưa đo;ej ;uppgift saknas;ei ;ez dago;ezezaguna;无;無;没有;なし;非公開;없음"
    ";미측정;미공개;비공개;غير ;لا يوجد;نامشخص;ندارد;अज्ञात;उपलब्ध नहीं",
)
_TO_FILL_IN = (
    r"to (?:be )?(?:filled?|completed?|added?)(?: in)?|(?:noch )?(?:auszufüllen|ausfüllen|einzutragen|eintragen)"
    r"|à (?:compléter|remplir|renseigner)"
    r"|(?:por|a) (?:completar|rellenar)|a preencher|por preencher|da (?:compilare|completare|inserire)|per (?:omplir"
    r"|completar)"
    r"|(?:nog )?in te vullen|do uzupełnienia|(?:нужно )?(?:заполнить|указать|вписать)|(?:треба )?(?:заповнити"
    r"|вказати|вписати)|doldurulacak|eklenecek"
    r"|(?:akan )?diisi|cần điền|điền|待填写?|待补充?|要記入|記入予定|기입 예정|작성 예정"
    r"|fylls i|att fylla i|udfyldes|täydennetään"
    r"|betetzeko"
    r"|يُملأ|تکمیل شود|भरना है"
)
_EXAMPLE = regex(
    rf"[\s\[({{<*_\"'`-]*(?:(?:{_TO_FILL_IN})[\s,;:(，、：（]{{1,4}})?"
    r"(?:e\.?\s?g\.?[,:\s]|z\.\s?b\.|for (?:example|instance)\b|example:|p\.\s?ex\.|ex\.?:|por (?:ejemplo|exemplo)"
    r"|per exemple"
    r"|par exemple"
    r"|ad es\.|bijv\.|bv\.|np\.|напр\.|например|наприклад|örn\.|mis\.|misalnya|ví dụ|t\.\s?ex\.|f\.\s?eks\.|esim\."
    r"|adib\.|例如|例:|例：|예:"
    r"|مثلاً|مثال:|जैसे)",
    re.IGNORECASE,
)
"""A value that shows how it is to be filled in, with or without the words that ask for it."""
EXAMPLE_REACH = 1_000
_MARKS_BEFORE = " [({<*_\"'`-"
_EXAMPLE_BEGINS = (
    *("e.g", "e. g", "eg", "e g", "z.", "for ", "example", "p.", "ex.", "ex:", "por ", "per ", "par ", "ad ", "bijv"),
    *(
        "bv.",
        "np.",
        "напр",
        "наприклад",
        "örn.",
        "mis",
        "ví dụ",
        "t.",
        "f.",
        "esim.",
        "adib.",
        "例",
        "예:",
        "مثل",
        "مثا",
    ),
    *(
        "जैसे",
        "to ",
        "noch ",
        "auszufüllen",
        "ausfüllen",
        "einzutragen",
        "eintragen",
        "à ",
        "a ",
        "da ",
        "nog ",
        "in te ",
    ),
    *("do ", "нужно ", "заполнить", "указать", "вписать", "треба ", "заповнити", "вказати", "вписати", "doldurulacak"),
    *("eklenecek", "akan ", "diisi", "cần ", "điền", "待填", "待补", "要記入", "記入予定", "기입 ", "작성 ", "fylls i"),
    *("att fylla ", "udfyldes", "täydennetään", "betetzeko", "يُملأ", "تکمیل ", "भरना "),
)
"""How such a value begins, in small letters: a quick look beforehand."""
_STARTS_PLACEHOLDER = regex(
    r"[\s\[({<*_\"'`-]*(?:(?:more|additional) information (?:needed|required)|unknown\b|n/a\b|tbd\b|"
    r"not (?:yet )?(?:measured|tracked|available|reported|calculated|computed|"
    r"estimated|recorded|known|disclosed)|to be (?:determined|measured|calculated|added|filled|completed|estimated)|"
    r"forthcoming|still to be)",
    re.IGNORECASE,
    stems=" information ;available;calculated;computed;disclosed;estimated;forthcoming;known;"
    "measured;n/a;recorded;reported;still to be;tbd;to be ;tracked",
)

_SCOPES: tuple[tuple[Scope, re.Pattern[str]], ...] = (
    (
        "inference",
        regex(
            r"inferen|per (?:query|request|prompt|image|sample|token|prediction|generation|1,?000|1k|call|answer)|"
            r"/\s?(?:quer|req|prompt|image|token|page|doc|sent|min|user|call|scan|day|month|year)|"
            r"predicti(?:on|ng) (?:phase|time)|deploy|serving|usage phase|in use\b",
            re.IGNORECASE,
            stems="inferen;per ;quer;req;prompt;image;token;page;doc;sent;min;user;call;scan;day;month;year;predicti"
            ";deploy;serving;usage phase;in use",
        ),
    ),
    (
        "inference",
        regex(r"/\s?(?:\d[\d.,]*\s?[kKmM]\s(?!model|param)[a-z]|1k\b|1[.,]?000\s?[a-z])", re.IGNORECASE, stems="/"),
    ),
    (
        "embodied",
        regex(
            r"embodied|manufactur|hardware production|end[- ]of[- ]life",
            re.IGNORECASE,
            stems="embodied;manufactur;hardware production;of",
        ),
    ),
    (
        "component",
        regex(
            r"evaluat|logit|data (?:generation|processing|preparation|loading)|loading data|preprocess|tokeni[sz]"
            r"|per epoch|"
            r"per run\b|average per|each epoch|(?<!above )(?<!beyond )(?<!minus )(?<!net of )\bidle\b"
            r"|dynamic consumption|\bram\b"
            r"|(?<!on the )(?<!on a )(?<!on an )(?<!on my )(?<!on our )"
            r"(?<!one )\bcpu\b(?! emission| of\b| only|s\b|-(?:only|heavy|bound|intensive|based))"
            r"|hyper-?param|"
            r"ablation|quantization|validation|per fold|per iteration|per step|per (?:fine-?tuning |training )?run"
            r"|per hour",
            re.IGNORECASE,
            stems="evaluat;logit;data;preprocess;tokeni;per ;average per;each epoch;idle;dynamic "
            "consumption;ram;cpu;hyper;ablation;quantization;validation",
        ),
    ),
    (
        "experiments",
        regex(
            r"all (?:the )?experiments|experiment(?:s|ation)\b|full benchmark|whole (?:project|benchmark)"
            r"|entire project|"
            r"development|research phase|so far|total project|all runs|grid search|\br&d\b",
            re.IGNORECASE,
            stems="experiment;full benchmark;whole ;entire project;development;research phase;so far;total "
            "project;all runs;grid search;r&d",
        ),
    ),
    (
        "family-total",
        regex(
            r"(?:all|both|training|these) (?:the )?(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|"
            r"twelve)? ?(?:[\w.-]{1,20} ){0,3}models\b|\bfamily\b|total (?:for|of|across) (?:all|the) \w{0,12} ?models|"
            r"all (?:model )?sizes|\ball variants",
            re.IGNORECASE,
            stems="model;family;all  & all variants;family;models;sizes;total ",
        ),
    ),
    (
        "fine-tuning",
        regex(
            r"fine-?\s?tun|finetun|adapt(?:er|ation)|\blora\b|instruct|\bsft\b|\bdpo\b|\brlhf\b|affin|feinabstimm"
            r"|ajuste fino",
            re.IGNORECASE,
            stems="tun;adapt;lora;instruct;sft;dpo;rlhf;affin;feinabstimm;ajuste fino",
        ),
    ),
    (
        "pre-training",
        regex(
            r"pre-?\s?train|pré-?entra|vortrain|preentren|pré-?trein|事前学習|预训练",
            re.IGNORECASE,
            stems="train;entra;entren;trein;学習;训练",
        ),
    ),
    (
        "training-run",
        regex(
            r"train|entra[iî]n|entren|trein|addestra|学習|训练|training|总|emitted",
            re.IGNORECASE,
            stems="addestra;emitted;entra;entren;train;trein;学習;总;训练",
        ),
    ),
)
TRAINING = regex(
    r"train|fine-?\s?tun|finetun|total emission|carbon footprint|emissions (?:are|were|was) (?:estimated|measured)|"
    r"(?:estimated|measured) (?:total )?(?:carbon |co2 )?emissions|\brun\b|\bruns\b|experiment|model|gpu|tpu"
    r"|codecarbon|"
    r"code carbon|calculator|eco2ai|carbontracker|comput|entra[iî]n|entren|trein|addestra|学習|训练|тренир|обуч",
    re.IGNORECASE,
)
ENVIRONMENT = regex(
    r"environment|(?<![a-z])carbon(?![a-z])|(?<![a-z])co\W{0,7}2|emission|footprint|energy|climate|sustainab"
    r"|umwelt|ambient|écolog|环境|碳|環境|環境への影響|"
    r"compute|training (?:cost|details|procedure|hardware)|impact",
    re.IGNORECASE,
)
MARKET = regex(
    r"market[\s-]?based|after offset|offset|\bcertificates?\b|guarantees? of origin|renewable (?:contract|tariff)"
    r"|green (?:tariff|power (?:contract|purchase))|herkunftsnachweis|ökostrom(?:vertrag|tarif|zertifikat)"
    r"|garanties? d.origine|garantías? de origen|garanzi[ae] di origine|gwarancj\w+ pochodzenia"
    r"|mar[kc]\w{1,4}[\s-]?(?:gebaseerd|basiert|baser\w+)|basé\w*\ssur\sle\smarché|basad\w\sen\s(?:el\s)?mercado"
    r"|basead\w\s(?:no|em)\smercado|basat\w\ssul\smercato|basat\sen\sel\smercat|rynkow\w+|рыночн\w+|ринков\w+"
    r"|piyasa\w*\sdayal\w*"
    r"|berbasis\spasar|theo\sthị\strường|基于市场|市場基準|マーケット基準|マーケットベース|시장\s?기반"
    r"|المستند إلى السوق|markkinaperust\w+",
    re.IGNORECASE,
    stems="gebaseerd;basiert;baser;marché;mercad;mercat;rynkow;рыночн;ринков;piyasa;pasar;thị;基;ベース;시장;السوق"
    ";markkinaperust"
    ";market;offset;certificate;guarantee;renewable;green;herkunftsnachweis;ökostrom;garanti;garanzi"
    ";garantía;gwarancj",
)
TOTAL = regex(
    r"\b(?:grand )?totale?\b|[Σ∑]|总计|合计|共计|итого|всего|разом|усього|\btoplam\b|\btổng\b"
    r"|합계|الإجمالي|المجموع|\bمجموع\b|कुल"
    r"|\bsammanlagt\b|\bi alt\b|\byhteensä\b|\bguztira\b|\brazem\b|\bsuma\b|\btotaal\b|\bsamlet\b|\bjumlah\b|\bsum\b"
    r"|\b(?:added|adding|summed|summing) (?:it all |all |everything |them |these |those )?up\b|\ball in all\b"
    r"|\btaken together\b|\bbij elkaar\b|\balles samen\b|\btill(?:sammans|ihopa)\b|\bsammenlagt\b|\bzusammen\b"
    r"|^\W{0,4}[계計计共]\W{0,4}$|\boverall\b|\ball models\b|\bin all(?=\s?(?:[.,;:)(]|$))|\ball told\b|\baltogether\b"
    r"|\ben tout\b"
    r"|\bin tutto\b|\bao todo\b"
    r"|\błącznie\b|\bogółem\b|一共|总共|總共|全部で|合計|总计|gesamt|somme",
    re.IGNORECASE,
    stems="total;계;計;计;共;σ;∑;"
    "总计;合计;共计;итого;всего;разом;усього;toplam;tổng;합계;الإجمالي;مجموع;कुल;sammanlagt;i alt;"
    "yhteensä;guztira;razem;suma;totaal;samlet;jumlah;sum;overall;all models;in all;all told;altogether;en tout"
    ";in tutto;ao todo;up;all in all;bij elkaar;alles samen;tillsammans;tillihopa;sammenlagt;zusammen;taken together"
    ";łącznie;ogółem;一共;总共;總共;全部で;合計;gesamt;somme",
)


@lru_cache(maxsize=4096)
def is_emission_label(label: str) -> bool:
    """Whether a label announces an amount of emissions (and no intensity, offset, tool or data set)."""
    if len(label) > 400 or not _names_emission(label):
        return False
    bare = _IN_BRACKETS.sub(" ", label)
    # "kg CO2 (330 g/kWh)" is a mass, and in brackets what it was counted with
    if _PER_ENERGY.search(bare if _OWN_UNIT.search(bare) else label):
        return False
    return _NOT_EMISSION.search(bare) is None and (_names_emission(bare) or _ONLY_A_KIND.fullmatch(bare) is not None)


_OWN_UNIT = regex(r"\b(?:k?g|t|tons?|tonnes?)\b\W{0,3}CO", re.IGNORECASE, stems="co")
_ONLY_A_KIND = regex(
    r"\W*(?:(?:location|market)[\s-]based(?: (?:amount|value|total|method|result|figure))?|amount|result|value"
    r"|gross(?: amount)?|contribution|share|part|portion|bijdrage|aandeel|anteil|beitrag|contributo|quota|contribución"
    r"|contribuição|contribució|parte|udział|вклад|доля|внесок|bidrag|andel|osuus|katkı|kontribusi|đóng góp"
    r"|贡献|貢獻|寄与|기여)\W*",
    re.IGNORECASE,
)
"""What a label is whose unit in brackets says that it is of emissions ("Location-based (t CO2e)")."""


def _names_emission(label: str) -> bool:
    if label.replace(".", "", 1).isdecimal():
        return False  # most first cells of tables are numbers
    if _EMISSION.search(label) is not None:
        return True
    return may_name("carbon", label.lower()) and any(hit.concept == "carbon" for hit in find_concepts(label))


def has_split_formula(text: str) -> bool:
    """Whether a text has CO2 whose two stands apart in the plain text (``CO<sub>2</sub>``)."""
    return _SPLIT_CO2.search(text) is not None


def is_example(value: str) -> bool:
    """Whether a value only shows how it is to be filled in ("e.g. 1.2 kg")."""
    begins = " ".join(value[:EXAMPLE_REACH].lower().split()).lstrip(_MARKS_BEFORE)
    return begins.startswith(_EXAMPLE_BEGINS) and _EXAMPLE.match(value) is not None


def is_placeholder(value: str) -> bool:
    """Whether a value only says that there is none."""
    value = value.strip()
    if is_example(value):
        return True
    if any(map(str.isdigit, value[:80])):
        return False  # no placeholder has a digit
    if not value or _NO_WORD.fullmatch(value) or _PLACEHOLDER.fullmatch(value):
        return True
    return _STARTS_PLACEHOLDER.match(value) is not None


@lru_cache(maxsize=2048)
def scope_of(text: str, default: Scope = "unknown") -> Scope:
    """What a statement covers, judged by its words; the most special word wins."""
    return next((scope for scope, pattern in _SCOPES if pattern.search(text)), default)
