"""Words that the changed copies of cards put in the place of devices, places, providers, tools and their labels."""

from __future__ import annotations

DEVICES: tuple[tuple[str, str], ...] = (
    *(
        ("NVIDIA H100", "h100"),
        ("A100-SXM4-80GB", "a100"),
        ("Tesla V100", "v100"),
        ("T4", "t4"),
        ("RTX 3090", "rtx 3090"),
        ("H200", "h200"),
    ),
    *(
        ("NVIDIA GeForce RTX 4090", "rtx 4090"),
        ("TPU v3-8", "tpu v3-8"),
        ("L4", "l4"),
        ("NVIDIA A10G", "a10g"),
        ("TPUv4-32", "tpu v4-32"),
    ),
    *(
        ("NVIDIA RTX A6000", "a6000"),
        ("TITAN RTX", "titan rtx"),
        ("Tesla K80", "k80"),
        ("GTX 1080 Ti", "1080 ti"),
        ("NVIDIA A40", "a40"),
    ),
    *(
        ("AMD Instinct MI250X", "mi250x"),
        ("L40S", "l40s"),
        ("V100-SXM2-32GB", "v100"),
        ("Nvidia A100 40GB", "a100"),
        ("RTX3080", "rtx 3080"),
    ),
    *(
        ("NVIDIA H100 80GB HBM3", "h100"),
        ("Quadro RTX 8000", "rtx 8000"),
        ("TPU v2", "tpu v2"),
        ("B200", "b200"),
        ("MI300X", "mi300x"),
    ),
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
    *(
        ("NVIDIA H800", "h800"),
        ("NVIDIA A800", "a800"),
        ("RTX 5090", "rtx 5090"),
        ("Intel Gaudi 2", "gaudi 2"),
        ("NVIDIA L40", "l40"),
    ),
)
PLACES: tuple[tuple[str, str], ...] = (
    *(
        ("Quebec, Canada", "quebec|canada"),
        ("us-east-1", "us-east-1"),
        ("europe-west4", "europe-west4"),
        ("France", "france"),
    ),
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
    *(
        ("AWS", "aws"),
        ("Google Cloud Platform", "google cloud"),
        ("Azure", "azure"),
        ("GCP", "google cloud"),
        ("Lambda Labs", "lambda"),
    ),
    *(
        ("Amazon Web Services", "aws"),
        ("Microsoft Azure", "azure"),
        ("RunPod", "runpod"),
        ("Google Colab", "colab"),
        ("Kaggle", "kaggle"),
    ),
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
    *(
        ("CodeCarbon", "codecarbon"),
        ("CarbonTracker", "carbontracker"),
        ("eco2AI", "eco2ai"),
        ("Green Algorithms", "green-algorithms"),
    ),
    *(("experiment-impact-tracker", "experiment-impact-tracker"), ("the ML CO2 Impact calculator", "mlco2")),
)
CONTEXT_LABELS = {
    "hardware": (
        *(
            "Hardware",
            "GPU",
            "GPUs",
            "Hardware used",
            "GPU type",
            "Training hardware",
            "Accelerator",
            "Hardware type",
            "Compute",
            "Device",
        ),
        *(
            "GPUs used",
            "Type of hardware",
            "Hardware utilized",
            "Hardwaretyp",
            "Type de matériel",
            "Tipo de hardware",
            "硬件类型",
        ),
    ),
    "hours": (
        *(
            "Hours",
            "Training time",
            "Training duration",
            "Training hours",
            "Duration",
            "Time",
            "Hours of training",
            "Total training time",
        ),
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
