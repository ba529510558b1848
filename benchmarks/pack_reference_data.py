"""Pack the reference tables of the estimates: from collected facts to the small tables that ship with the package.

Run ``python -m benchmarks.pack_reference_data FOLDER`` with a folder of collected tables; the layout is our own, every
row keeps a key into ``sources.csv`` (source and licence). Share-alike rows are written to files of their own.
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

from mining.normalize.size import parameters_in_name
from mining.vocab.tables import read_table

TABLES = Path(__file__).parents[1] / "analysis" / "estimates" / "tables"
SHARE_ALIKE = TABLES / "share_alike"
SOURCES: dict[tuple[str, str], str] = {}
MAKER = "the maker's public data sheet or product page"

# device, words that the name must hold, rated W, 16-bit dense peak in TFLOP/s (0: none published)
FORMS = [
    ("NVIDIA A100", "pcie 40gb", 250, 312), ("NVIDIA A100", "pcie 80gb", 300, 312), ("NVIDIA A100", "pcie", 250, 312),
    ("NVIDIA A100", "", 400, 312), ("NVIDIA A800", "pcie", 250, 312), ("NVIDIA A800", "", 400, 312),
    ("NVIDIA H100", "pcie", 350, 756), ("NVIDIA H100", "nvl", 400, 835), ("NVIDIA H100", "", 700, 989),
    ("NVIDIA H800", "pcie", 350, 756), ("NVIDIA H800", "", 700, 989), ("NVIDIA H200", "nvl", 600, 836),
    ("NVIDIA H200", "", 700, 989), ("NVIDIA V100", "pcie", 250, 112), ("NVIDIA V100", "v100s", 250, 130),
    ("NVIDIA V100", "sxm3", 350, 125), ("NVIDIA V100", "", 300, 125), ("NVIDIA P100", "sxm2", 300, 21.2),
    ("NVIDIA P100", "", 250, 18.7), ("NVIDIA A30", "", 165, 165), ("NVIDIA A10", "", 150, 125), ("NVIDIA A10G", "", 150,
    70),
    ("NVIDIA L40S", "", 350, 362), ("NVIDIA T4", "", 70, 65), ("NVIDIA RTX A6000", "", 300, 154.8),
    ("NVIDIA RTX A5000", "laptop", 165, 0), ("NVIDIA RTX A4000", "laptop", 115, 0), ("NVIDIA RTX A3000", "laptop", 115,
    0),
    ("NVIDIA RTX A2000", "laptop", 95, 0), ("NVIDIA RTX A5500", "laptop", 165, 0), ("NVIDIA RTX A4500", "laptop", 140,
    0),
    ("NVIDIA RTX 5000 Ada Generation", "laptop", 175, 0), ("NVIDIA RTX 4000 Ada Generation", "laptop", 175, 0),
    ("NVIDIA RTX 4000 Ada Generation", "sff", 70, 0), ("NVIDIA RTX A5000", "", 230, 111), ("NVIDIA RTX A4000", "", 140,
    76.7),
    ("NVIDIA RTX 6000 Ada Generation", "", 300, 364), ("NVIDIA RTX 5000 Ada Generation", "", 250, 261),
    ("NVIDIA GeForce RTX 3090", "", 350, 142), ("NVIDIA GeForce RTX 3080", "", 320, 119),
    ("NVIDIA GeForce RTX 3070", "", 220, 81), ("NVIDIA GeForce RTX 3060", "", 170, 51),
    ("NVIDIA GeForce RTX 4070", "", 200, 117), ("NVIDIA GeForce RTX 4080", "", 320, 195),
    ("NVIDIA TITAN RTX", "", 280, 130), ("NVIDIA Quadro RTX 8000", "", 260, 130), ("NVIDIA Quadro RTX 6000", "", 260,
    130),
    ("NVIDIA Quadro RTX 5000", "", 230, 89), ("AMD Instinct MI250X", "", 560, 383), ("AMD Instinct MI250", "", 560,
    362),
    ("AMD Instinct MI210", "", 300, 181), ("AMD Instinct MI100", "", 300, 184.6), ("Intel Gaudi 3", "", 900, 1678),
    ("TPU v2", "", 280, 46), ("TPU v3", "", 450, 123), ("TPU v4", "", 340, 275),
    ("TPU v5e", "", 225, 197), ("TPU v5p", "", 540, 459), ("TPU v6e", "", 380, 918), ("TPU v7", "", 960, 2307),
    ("AWS Trainium2", "", 500, 667), ("NVIDIA B300", "", 1100, 2250), ("NVIDIA GB300", "", 1400, 2500),
    ("NVIDIA GB200", "", 1200, 2500),
]  # fmt: skip
NO_MAKERS_POWER = ("TPU v4", "TPU v5e", "TPU v5p", "TPU v6e", "TPU v7", "AWS Trainium2")
LAPTOPS = {
    "RTX 5090": 150, "RTX 5080": 150, "RTX 5070 Ti": 115, "RTX 5070": 100, "RTX 5060": 100, "RTX 5050": 100,
    "RTX 4090": 150,
    "RTX 4080": 150, "RTX 4070": 115, "RTX 4060": 115, "RTX 4050": 115, "RTX 3080 Ti": 150, "RTX 3080": 150,
    "RTX 3070 Ti": 125,
    "RTX 3070": 125, "RTX 3060": 115, "RTX 3050 Ti": 80, "RTX 3050": 80, "RTX 2080 SUPER": 150, "RTX 2080": 150,
    "RTX 2070 SUPER": 115, "RTX 2070": 115, "RTX 2060": 90, "GTX 1660 Ti": 80, "GTX 1650 Ti": 50, "GTX 1650": 50,
    "GTX 1080": 150, "GTX 1070": 120, "GTX 1060": 80, "GTX 1050 Ti": 70, "GTX 1050": 53,
}  # fmt: skip
LAPTOPS_LEAST = {
    "RTX 5090": 95, "RTX 5080": 80, "RTX 5070 Ti": 60, "RTX 5070": 50, "RTX 4090": 80, "RTX 4080": 60, "RTX 4070": 35,
    "RTX 4060": 35, "RTX 4050": 35, "RTX 3080": 80, "RTX 3070": 80, "RTX 3060": 60, "RTX 3050 Ti": 35, "RTX 3050": 35,
}  # fmt: skip
"""Lower end of the power range that the maker gives since its 30 series; vendors choose a limit in it, W."""
MAX_Q = {
    "GTX 1650": 35,
    "GTX 1660 Ti": 60,
    "RTX 2060": 65,
    "RTX 2070": 80,
    "RTX 2080": 80,
    "GTX 1060": 70,
    "GTX 1070": 90,
    "GTX 1080": 110,
}
OTHERS = {
    "NVIDIA GeForce MX150": 25, "NVIDIA GeForce MX250": 25, "NVIDIA GeForce MX330": 25, "NVIDIA GeForce MX350": 20,
    "NVIDIA GeForce MX450": 25, "NVIDIA GeForce GTX 1650 Ti": 50, "NVIDIA GeForce RTX 3050 Ti": 80,
    "Apple M1 Ultra": 110, "Apple M1 Max": 60, "Apple M1 Pro": 35, "Apple M1": 20, "Apple M2 Ultra": 120, "Apple M2 "
        "Max": 65,
    "Apple M2 Pro": 40, "Apple M2": 22, "Apple M3 Ultra": 140, "Apple M3 Max": 70, "Apple M3 Pro": 40, "Apple M3": 22,
    "Apple M4 Max": 80, "Apple M4 Pro": 45, "Apple M4": 24,
}  # fmt: skip
EPOCH_NAMES = {
    "Google ": "", "AMD Radeon Instinct": "AMD Instinct", "Intel Habana Gaudi2": "Intel Gaudi 2",
    "NVIDIA L20 PCle": "NVIDIA L20",
    "NVIDIA HGX H20": "NVIDIA H20", "NVIDIA Tesla ": "NVIDIA ", "NVIDIA A40 PCIe": "NVIDIA A40", " Trillium": "",
    " Ironwood": "",
    "NVIDIA RTX Pro 6000 Blackwell": "NVIDIA RTX PRO 6000 Blackwell", " 11GB": "", " DGXS": "",
}  # fmt: skip


def key_of(source: str, licence: str) -> str:
    """Short key of a source with its licence, made once."""
    return SOURCES.setdefault((source, licence), f"s{len(SOURCES) + 1}")


def write(name: str, head: list[str], rows: list[list[object]], folder: Path = TABLES) -> None:
    """One table, its columns in order."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def accelerators(folder: Path) -> None:
    """Forms of devices with rated power and peak: the makers' figures first, Epoch AI's peaks for the rest."""
    maker = key_of(f"{MAKER}; checked against Epoch AI, Machine Learning Hardware", "facts")
    laptop = key_of(
        "the maker's laptop pages and reports of its launches: graphics power range, without boost; vendors set their "
        "own limit in it",
        "facts",
    )
    apple = key_of("package power of the chip as reviewers measured it; Apple publishes none", "facts, uncertain")
    epoch = key_of("Epoch AI, Machine Learning Hardware; the maker publishes no power", "CC BY 4.0")
    rows: list[list[object]] = [
        [name, words, "", watts, peak * 1e12 if peak else "", epoch if name in NO_MAKERS_POWER else maker]
        for name, words, watts, peak in FORMS
    ]
    for short, watts in LAPTOPS.items():
        least = LAPTOPS_LEAST.get(short, "")
        rows += [
            [f"NVIDIA GeForce {short} Laptop GPU", "", least, watts, "", laptop],
            [f"NVIDIA GeForce {short}", "laptop", least, watts, "", laptop],
        ]
    for short, watts in MAX_Q.items():
        name = f"NVIDIA GeForce {short}"
        rows += [[f"{name} with Max-Q Design", "", "", watts, "", laptop], [name, "max q", "", watts, "", laptop]]
    rows += [[name, "", "", watts, "", apple if name.startswith("Apple") else laptop] for name, watts in OTHERS.items()]
    known, taken = {row["name"] for row in read_table("hardware")}, {(row[0], row[1]) for row in rows}
    for row in rows_of(folder, "accelerators_epoch"):
        name = row["device"]
        for old, new in EPOCH_NAMES.items():
            name = name.replace(old, new)
        peak = row["peak_fp16_tensor_flops"] or row["peak_fp16_flops"]
        if name in known and (name, "") not in taken and peak and float(peak) > 1e12:
            taken.add((name, ""))
            rows.append(
                [
                    name,
                    "",
                    "",
                    "",
                    float(peak),
                    key_of(re.sub(", same copy.*|, stored copy.*", "", row["source"]), row["licence"]),
                ]
            )
    write(
        "accelerators",
        ["device", "words", "low_w", "rated_w", "peak_flops", "source"],
        sorted(rows, key=lambda row: (row[0], -len(str(row[1])))),
    )


def intensities(folder: Path) -> None:
    """Year-true intensity: Our World in Data here, Electricity Maps (ODbL) in a file of its own."""
    rows = rows_of(folder, "grid_intensity_owid_ember")
    write("grid_intensity", ["place", "iso3", "year", "g_per_kwh", "source"],
          [[row["place"], row["iso3"], row["year"], row["g_co2eq_per_kwh"], key_of(row["source"].split(" (stored")[0],
          row["licence"])] for row in rows])  # fmt: skip
    rows = rows_of(folder, "grid_intensity_electricitymaps_odbl")
    terms = "Open Database License 1.0"
    write("grid_intensity_electricity_maps", ["zone", "zone_name", "country", "year", "g_per_kwh", "source"],
          [[row["zone"], row["zone_name"], row["country"], row["year"], row["g_co2eq_per_kwh"],
            key_of("Electricity Maps yearly data, as republished by thegreenwebfoundation/co2.js 0.19.0",
            terms)] for row in rows], SHARE_ALIKE)  # fmt: skip


def embodied(folder: Path) -> None:
    """Impacts of making hardware: CC BY-SA rows in a file of their own, plain facts beside the others."""
    head = ["device", "kind", "scope", "impact", "value", "unit", "low", "high", "source", "note"]
    free, shared, last = [], [], ""
    for row in rows_of(folder, "embodied_hardware"):
        last = row["source"] if not row["source"].startswith("same") else last
        cells = [row[name] for name in head[:8]] + [key_of(last, row["licence"]), row["note"]]
        (shared if "CC BY-SA" in row["licence"] else free).append(cells)
    write("embodied", head, free)
    write("embodied_ademe", head, shared, SHARE_ALIKE)


TASKS = {
    "lm-arena-chat": "chat (LM Arena)", "gpqa": "reasoning (GPQA)", "image-chat": "chat about images",
    "video-chat": "chat about videos",
    "sourcegraph-fim": "code completion (Sourcegraph)",
}  # fmt: skip
"""Tasks of the ML.ENERGY Benchmark in words."""


def parameters_of(row: dict[str, str]) -> object:
    """Parameters as collected, else as the model's name states them."""
    return row["parameters"] or parameters_in_name(task_and_model(row)[1]) or ""


def task_and_model(row: dict[str, str]) -> tuple[str, str]:
    """Task and model of a row; some rows hold them the other way round."""
    task, model = row["task"], row["model"]
    if "/" in task and "/" not in model:
        task, model = model, task
    return TASKS.get(task, task), model


def inference(folder: Path) -> None:
    head = ["level", "task", "model", "parameters", "wh_per_1000_queries", "boundary", "hardware", "measured", "source"]
    rows = [
        [row["level"], *task_and_model(row), parameters_of(row),
        row["wh_per_1000_queries_total"] or row["wh_per_1000_queries_gpu_only"],
         row["boundary"] if row["wh_per_1000_queries_total"] else "GPU only", row["hardware"], row["measured_when"],
         key_of(re.sub(r"; text read in.*", "", row["source"]), row["licence"])]
        for row in rows_of(folder, "inference_energy")
    ]  # fmt: skip
    write("inference_energy", head, [row for row in rows if row[4]])


IDLE = (
    "idle over the run itself", "BLOOM: reserved nodes without jobs, 256,646 kWh beside 433,196 kWh", "0.592", "", "",
    "",
    "Luccioni, Viguier, Ligozat 2023, Estimating the carbon footprint of BLOOM (14.6 t idle beside 24.7 t)",
)  # fmt: skip


def priors(folder: Path) -> None:
    head = ["parameter", "applies_to", "central", "low", "high", "shape", "source"]
    write(
        "priors",
        head,
        [
            [row[name] for name in head[:6]] + [key_of(row["source"], "facts")]
            for row in rows_of(folder, "priors")
            if "CC BY-SA" not in row["source"]
        ]
        + [[*IDLE[:6], key_of(IDLE[6], "facts")]],
    )


def runs(folder: Path) -> None:
    """Landmark and metered runs; ``scores`` says whether a row may score an estimator."""
    head = ["id", "model", "house", "hub_id", "year", "scope", "parameters", "active_parameters", "tokens", "flop",
    "flop_basis", "device",
            "power_cap_w", "count", "hours", "device_hours", "gpu_kwh", "machine_kwh", "node_kwh", "facility_kwh",
            "other_kwh", "pue", "region",
            "g_per_kwh", "emissions_kg", "scores", "caution", "source"]  # fmt: skip
    houses = {"Nicholas Kluge": "TucanoBR", "AI2/Microsoft": "Ai2", "UPC students": "GAISSA-UPC"}
    rows: list[list[object]] = []
    every = [*rows_of(folder, "training_truth"), *rows_of(folder, "training_truth_metered_more")]
    twice = {number for row in every for number in re.findall(r"same run as id (\d+)", row["caution"])}
    for row in every:
        cap = re.search(r"power capped at (\d+) W", row["caution"])
        caution = dict(re.findall(r"(tdp_w|cc_total_kwh)=([\d.e-]+)", row["caution"]))
        boundary, energy = row["energy_boundary"], row["energy_kwh"]
        gpu = energy if boundary == "GPU only" else ""
        if boundary == "GPU measured x PUE" and row["energy_basis"].startswith("measured or metered"):
            gpu, energy = (f"{float(energy) / float(row['pue']):.6g}",) * 2
        machine = caution.get("cc_total_kwh", energy if boundary == "CodeCarbon machine" else "")
        node = energy if boundary == "node (AC)" else ""
        facility = energy if boundary.startswith("facility") else ""
        other = energy if energy and energy not in (gpu, machine, node, facility) else ""
        scores = (
            "yes"
            if row["energy_basis"].startswith("measured or metered") and not other and row["id"] not in twice
            else "no"
        )
        words = re.sub(r"(?:tdp_w|cc_\w+)=[\d.e-]+;? ?", "", row["caution"]).strip("; ")
        billion = [
            f"{float(row[name]) * 1e9:.6g}" if row[name] else "" for name in ("params_b", "active_params_b", "tokens_b")
        ]
        rows.append([row["id"], row["model"], houses.get(row["developer"], row["developer"]), row["hub_id"],
        row["year"], row["scope"], *billion,
                     row["train_flop"], row["flop_basis"], row["device"], cap.group(1) if cap else "", row["n_devices"],
                     row["wall_hours"],
                     row["device_hours"], gpu, machine, node, facility, other, row["pue"], row["region"],
                     row["g_per_kwh"], row["emissions_kg"], scores,
                     words, key_of(re.sub(r" \(text in.*", "", row["source"]), row["licence_note"] or "facts from "
                         "publication")])  # fmt: skip
    write("training_runs", head, rows)


def main() -> None:
    """Pack everything."""
    folder = Path(sys.argv[1])
    SHARE_ALIKE.mkdir(parents=True, exist_ok=True)
    for part in (accelerators, intensities, embodied, inference, priors, runs):
        part(folder)
    write("sources", ["source", "what", "licence"], [[key, what, licence] for (what, licence), key in SOURCES.items()])


if __name__ == "__main__":
    main()
