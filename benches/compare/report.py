"""Tables, verdicts, a plot."""

from pathlib import Path

from .scenarios import PYTHON_JOB, SCENARIOS, Goal

OURS = "allocator"


def print_result(result: dict) -> None:
    engines = result["engines"]
    ours = engines[OURS]["ns_per_line"]
    is_job = result["lines"] < 10_000
    unit = "us per job" if is_job else "ns per line"
    print(f"\n{result['name']} ({result['lines']:,} lines, {result['skus']:,} SKUs, {result['rule']})")
    print(f"  {'':20} {unit:>12} {'least':>10} {'most':>10} {'ratio':>8}")
    scale = result["lines"] / 1000 if is_job else 1
    for name, figures in sorted(engines.items(), key=lambda item: item[1]["ns_per_line"]):
        time, least, most = (figures[key] * scale for key in ("ns_per_line", "least", "most"))
        ratio = figures["ns_per_line"] / ours
        print(f"  {name:20} {time:12,.2f} {least:10,.2f} {most:10,.2f} {ratio:7,.1f}x")
    print(f"  scratch: {result['scratch_bytes_per_line']:.1f} bytes per line; awards sha256 {result['awards_sha256'][:16]}", flush=True)


def judge(results: list[dict]) -> list[dict]:
    """Every bound that was asked, with what was reached."""
    by_name = {result["name"]: result for result in results}
    queue = by_name.get("queue, 1,000 SKUs")
    verdicts = []
    for scenario in SCENARIOS:
        result = by_name.get(scenario.name)
        if not result:
            continue
        engines = result["engines"]
        for goal in scenario.goals:
            if not goal.over or goal.over in engines:
                verdicts.append(_verdict(result, goal))
        if scenario.is_level and queue:
            bound = 1.5 * queue["engines"][OURS]["ns_per_line"] + 15
            verdicts.append(_at_most(scenario.name, "1.5 queues + 15 ns", engines[OURS]["ns_per_line"], bound, bound))
        for name in ("allocator_py_numpy", "allocator_py_arrow"):
            if name in engines:
                verdicts.append(_at_most(name, "us per job", engines[name]["us_per_run"], PYTHON_JOB.must, PYTHON_JOB.aim))
        if result["lines"] >= 100_000:
            verdicts.append(_at_most(scenario.name, "scratch bytes per line", result["scratch_bytes_per_line"], 12, 6))
    return verdicts


def _verdict(result: dict, goal: Goal) -> dict:
    engines, name = result["engines"], result["name"]
    ours = engines[OURS]["ns_per_line"]
    if goal.times:
        return _at_most(name, f"times {goal.over}", ours / engines[goal.over]["ns_per_line"], goal.must, goal.aim)
    if goal.over:
        return _at_least(name, f"{goal.over} / ours", engines[goal.over]["ns_per_line"] / ours, goal.must, goal.aim)
    if result["lines"] < 10_000:
        return _at_most(name, "us per job", engines[OURS]["us_per_run"], goal.must, goal.aim)
    return _at_most(name, "ns per line", ours, goal.must, goal.aim)


def _at_most(name: str, what: str, reached: float, must: float, aim: float) -> dict:
    word = "aim" if reached <= aim else "must" if reached <= must else "MISSED"
    return {"scenario": name, "what": what, "reached": reached, "bound": "at most", "must": must, "aim": aim, "verdict": word}


def _at_least(name: str, what: str, reached: float, must: float, aim: float) -> dict:
    word = "aim" if reached >= aim else "must" if reached >= must else "MISSED"
    return {"scenario": name, "what": what, "reached": reached, "bound": "at least", "must": must, "aim": aim, "verdict": word}


def print_verdicts(verdicts: list[dict]) -> None:
    print(f"\n{'':26} {'':24} {'reached':>9} {'':9} {'must':>7} {'aim':>7}")
    for v in verdicts:
        print(
            f"{v['scenario']:26} {v['what']:24} {v['reached']:9,.2f} {v['bound']:9} {v['must']:7,.1f} {v['aim']:7,.1f}  {v['verdict']}"
        )


def plot(report: dict, path: Path) -> None:
    """Nanoseconds per line of every engine, one group of bars for each scenario."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    results = report["results"]
    names = sorted({name for result in results for name in result["engines"]}, key=lambda name: (name != OURS, name))
    colours = dict(zip(names, pyplot.get_cmap("tab10").colors))
    figure, axes = pyplot.subplots(figsize=(11, 1.5 + 0.17 * sum(len(result["engines"]) + 1 for result in results)))
    at, ticks = 0, []
    for result in results:
        start = at
        for name in (name for name in names if name in result["engines"]):
            figures = result["engines"][name]
            time = figures["ns_per_line"]
            spread = [[max(time - figures["least"], 0)], [max(figures["most"] - time, 0)]]
            axes.barh(at, time, xerr=spread, color=colours[name], error_kw={"linewidth": 0.8})
            axes.text(figures["most"] * 1.05, at, f"{time:,.1f}", va="center", fontsize=6)
            at += 1
        ticks.append(((start + at - 1) / 2, result["name"]))
        at += 1
    axes.set_yticks([tick for tick, _ in ticks], [label for _, label in ticks], fontsize=8)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("processor time, ns per line (median, least and most); shorter is better")
    axes.set_title(f"{report['lines']:,} lines, one thread, {report['machine']['cpu']}", fontsize=9, pad=30)
    axes.margins(x=0.1, y=0.005)
    handles = [pyplot.Rectangle((0, 0), 1, 1, color=colours[name]) for name in names]
    axes.legend(handles, names, fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1.02), ncols=len(names))
    figure.tight_layout()
    figure.savefig(path, dpi=130)
