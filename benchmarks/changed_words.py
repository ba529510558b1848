"""Words that the changed copies of cards are made with: spellings of units, labels, names. None of them comes from the card reader."""

from __future__ import annotations

GRAMS = {"g": 1.0, "kg": 1e3, "t": 1e6, "lb": 453.59237}
SPELLINGS = {
    "g": (
        *("g", "grams", "g CO2eq", "gCO2eq", "g CO₂e", "grams of CO2", "gCO2e", "g CO2-eq", "grams CO2 equivalent", "g CO₂eq"),
        *("gCO₂-eq", "g of CO2eq", "g CO2 eq.", "gCO<sub>2</sub>eq", "g CO$_2$eq", "grams CO₂e"),
    ),
    "kg": (
        *("kg", "Kg", "kilograms", "kg CO2eq", "kgCO2eq", "kg CO₂e", "kg of CO2", "kgCO2e", "KgCO2", "kg CO2 eq.", "kg eq. CO2"),
        *("kg CO₂eq", "kgCO₂eq", "kilograms of CO2", "kg CO2-eq", "kg CO2 equivalent", "kgs of CO2eq", "kgCO<sub>2</sub>eq", "kg CO$_2$eq"),
        *("kg CO2-equivalent", "kilograms CO₂e", "kg_co2", "kg CO2e"),
    ),
    "t": (
        *("t", "tonnes", "tons", "t CO2eq", "tCO2eq", "tonnes CO2e", "tons of CO2", "metric tons CO2eq", "t CO₂e", "tCO₂eq", "tons CO2eq"),
        *("tonnes of CO2eq", "metric tonnes of CO₂", "tCO2e", "tCO<sub>2</sub>eq", "tons CO₂-eq"),
    ),
    "lb": ("lbs", "lb", "pounds", "lbs CO2eq", "lbs CO₂e", "pounds of CO2", "lb CO2e", "lbs of CO2", "pounds CO2eq", "lbs CO2"),
}
LABELS = (
    *("Carbon Emitted", "CO2 emissions", "CO₂ Emissions", "Carbon footprint", "Emissions", "Carbon emissions", "CO2eq emissions"),
    *("Total emissions", "Estimated emissions", "CO2 Emitted", "Greenhouse gas emissions", "Training emissions", "GHG emissions"),
    *("CO2 equivalent emissions", "Estimated CO2 emissions", "CO2-eq emissions", "Carbon dioxide emissions", "CO2 footprint"),
    *("Training carbon footprint", "Total CO2 emitted", "Emissions (CO2eq)", "Emitted CO2", "Carbon Footprint (training)", "CO2e"),
    *(
        "Total carbon emissions",
        "CO2 emitted during training",
        "Carbon cost",
        "CO<sub>2</sub> emissions",
        "co2_eq_emissions",
        "Emitted carbon",
    ),
    *("Estimated carbon footprint", "Emissions of CO2", "Amount of CO2 emitted", "Carbon released", "CO₂eq", "Net carbon emitted"),
)
FOREIGN_LABELS = (
    *("Émissions de CO2", "Empreinte carbone", "Émissions carbone", "CO2-Emissionen", "CO2-Fußabdruck", "Treibhausgasemissionen"),
    *("Kohlenstoffemissionen", "CO2-Ausstoß", "Emisiones de CO2", "Huella de carbono", "Emisiones de carbono", "Emissões de CO2"),
    *("Pegada de carbono", "Emissões de carbono", "Emissioni di CO2", "Impronta di carbonio", "CO2-uitstoot", "Koolstofvoetafdruk"),
    *(
        "碳排放",
        "碳排放量",
        "二氧化碳排放量",
        "碳足迹",
        "CO2排出量",
        "炭素排出量",
        "カーボンフットプリント",
        "カーボン排出量",
        "Выбросы CO2",
    ),
    *("Углеродный след", "탄소 배출량", "CO2 배출량", "CO2-utsläpp", "CO2-udledning", "Emisje CO2", "Ślad węglowy", "Karbon ayak izi"),
    *("CO2 emisyonu", "Hiilijalanjälki", "Викиди CO2", "Emise CO2", "Uhlíková stopa", "Petjada de carboni", "Emissions de CO2"),
)
STYLES = (
    *("**{}:** ", "**{}**: ", "{}: ", "*{}:* ", "__{}__: ", "***{}***: ", "**{} :** ", "<b>{}:</b> ", "{}：", "**{}** : ", "_{}_: "),
    *("**{}:**", "**{}**:", "`{}`: ", "<strong>{}</strong>: ", "**{}:**  ", "{} : "),
)
SENTENCES = (
    "Training the model emitted {}.",
    "The training run produced about {}.",
    "The total carbon footprint of training was {}.",
    "We estimate that training emitted {} in total.",
    "Carbon emissions of the training were {}.",
    "Training resulted in an estimated {} of emissions.",
    "In total, {} were emitted during training.",
)
TABLES = (
    "| Metric | Value |\n|---|---|\n| {label} | {value} |",
    "| {label} | {value} |\n|---|---|",
    "|  |  |\n|:--|--:|\n| **{label}** | {value} |",
    "<table><tr><td>{label}</td><td>{value}</td></tr></table>",
)
PLACEHOLDERS = ("[More Information Needed]", "Unknown", "N/A", "TBD", "More information needed", "not measured", "-", "")
BEFORE_NUMBERS = ("~", "≈ ", "about ", "approximately ", "around ", "approx. ", "~ ", "ca. ", "Estimated ", "estimated to be ", "**", "")

# What is written, and what the answer must hold of it: all words of one of the alternatives.
DEVICES: tuple[tuple[str, str], ...] = (
    *(
        ("NVIDIA H100", "h100"),
        ("A100-SXM4-80GB", "a100"),
        ("Tesla V100", "v100"),
        ("T4", "t4"),
        ("RTX 3090", "rtx 3090"),
        ("H200", "h200"),
    ),
    *(("NVIDIA GeForce RTX 4090", "rtx 4090"), ("TPU v3-8", "tpu v3-8"), ("L4", "l4"), ("NVIDIA A10G", "a10g"), ("TPUv4-32", "tpu v4-32")),
    *(("NVIDIA RTX A6000", "a6000"), ("TITAN RTX", "titan rtx"), ("Tesla K80", "k80"), ("GTX 1080 Ti", "1080 ti"), ("NVIDIA A40", "a40")),
    *(
        ("AMD Instinct MI250X", "mi250x"),
        ("L40S", "l40s"),
        ("V100-SXM2-32GB", "v100"),
        ("Nvidia A100 40GB", "a100"),
        ("RTX3080", "rtx 3080"),
    ),
    *(("NVIDIA H100 80GB HBM3", "h100"), ("Quadro RTX 8000", "rtx 8000"), ("TPU v2", "tpu v2"), ("B200", "b200"), ("MI300X", "mi300x")),
    *(
        ("TPU v3", "tpu v3"),
        ("Google TPU v5e", "tpu v5e"),
        ("Tesla P40", "p40"),
        ("RTX 2080Ti", "2080 ti"),
        ("GTX 1660 Super", "1660 super"),
    ),
    *(
        ("NVIDIA GH200", "gh200"),
        ("A30", "a30"),
        ("RTX 6000 Ada", "6000 ada"),
        ("Apple M2 Max", "m2 max"),
        ("Tesla P100-PCIE-16GB", "p100"),
    ),
    *(("NVIDIA H800", "h800"), ("NVIDIA A800", "a800"), ("RTX 5090", "rtx 5090"), ("Intel Gaudi 2", "gaudi 2"), ("NVIDIA L40", "l40")),
)
PLACES: tuple[tuple[str, str], ...] = (
    *(("Quebec, Canada", "quebec|canada"), ("us-east-1", "us-east-1"), ("europe-west4", "europe-west4"), ("France", "france")),
    *(
        ("Iowa, USA", "iowa"),
        ("Mumbai, India", "mumbai|india"),
        ("South Korea", "korea"),
        ("East US", "eastus|east us"),
        ("Norway", "norway"),
    ),
    *(
        ("Sydney, Australia", "sydney|australia"),
        ("asia-northeast1", "asia-northeast1"),
        ("Paris, France", "paris|france"),
        ("Japan", "japan"),
    ),
    *(
        ("Germany", "germany"),
        ("us-west-2", "us-west-2"),
        ("Ireland", "ireland"),
        ("Sweden", "sweden"),
        ("São Paulo, Brazil", "paulo|brazil"),
    ),
    *(
        ("West Europe", "westeurope|west europe"),
        ("eu-central-1", "eu-central-1"),
        ("Beijing, China", "beijing|china"),
        ("Finland", "finland"),
    ),
    *(
        ("London, UK", "london|kingdom"),
        ("Switzerland", "switzerland"),
        ("Poland", "poland"),
        ("California", "california"),
        ("Italy", "italy"),
    ),
    *(
        ("us-central1", "us-central1"),
        ("Amsterdam, Netherlands", "amsterdam|netherlands"),
        ("Texas, USA", "texas"),
        ("Singapore", "singapore"),
    ),
)
PROVIDERS: tuple[tuple[str, str], ...] = (
    *(("AWS", "aws"), ("Google Cloud Platform", "google cloud"), ("Azure", "azure"), ("GCP", "google cloud"), ("Lambda Labs", "lambda")),
    *(("Amazon Web Services", "aws"), ("Microsoft Azure", "azure"), ("RunPod", "runpod"), ("Google Colab", "colab"), ("Kaggle", "kaggle")),
    *(
        ("OVHcloud", "ovhcloud|ovh"),
        ("CoreWeave", "coreweave"),
        ("Oracle Cloud", "oracle"),
        ("IBM Cloud", "ibm"),
        ("Paperspace", "paperspace"),
    ),
    *(
        ("Vast.ai", "vast"),
        ("Alibaba Cloud", "alibaba"),
        ("Scaleway", "scaleway"),
        ("Hetzner", "hetzner"),
        ("Private infrastructure", "private"),
    ),
)
TOOLS: tuple[tuple[str, str], ...] = (
    *(("CodeCarbon", "codecarbon"), ("CarbonTracker", "carbontracker"), ("eco2AI", "eco2ai"), ("Green Algorithms", "green-algorithms")),
    *(("experiment-impact-tracker", "experiment-impact-tracker"), ("the ML CO2 Impact calculator", "mlco2")),
)
CONTEXT_LABELS = {
    "hardware": (
        *("Hardware", "GPU", "GPUs", "Hardware used", "GPU type", "Training hardware", "Accelerator", "Hardware type", "Compute", "Device"),
        *("GPUs used", "Type of hardware", "Hardware utilized", "Hardwaretyp", "Type de matériel", "Tipo de hardware", "硬件类型"),
    ),
    "hours": (
        *("Hours", "Training time", "Training duration", "Training hours", "Duration", "Time", "Hours of training", "Total training time"),
        *(
            "Runtime",
            "Hours Used",
            "Wall-clock time",
            "Compute time",
            "Trainingszeit",
            "Durée d'entraînement",
            "Horas utilizadas",
            "训练时间",
        ),
    ),
    "region": (
        *(
            "Region",
            "Location",
            "Compute region",
            "Geographical location",
            "Country",
            "Cloud region",
            "Datacenter location",
            "Server location",
        ),
        *("Training location", "Compute location", "Standort", "Région", "Región", "Region of compute"),
    ),
}
