// The plots: chosen points over a window of time. The server sends at most a few thousand places
// per curve, whatever the window; each new window is fetched afresh in the detail it allows.
(() => {
  "use strict";
  const place = document.getElementById("chart");
  if (!place) return;
  const words = place.dataset;
  const first = +words.first, last = +words.last;
  const clock = new SiteClock(words.zone, words.locale, first);
  const note = document.getElementById("plot-note");
  const boxes = [...document.querySelectorAll('input[name="p"]')];
  const COLOURS = 8, PANEL = 210, GAP = 46, SHORTEST = 10000;
  const margin = last > first ? (last - first) * 0.01 : 3600000;
  const edge = { start: first - margin, end: last + margin };

  const chosen = new Map(); // point id -> colour slot
  const curves = new Map(); // point id -> what the server sent
  const stale = new Set(); // chosen points whose curve does not fit the window
  let view = { ...edge };
  let asked = null, timer = null;
  const chart = echarts.init(place, null, { renderer: "canvas" });

  // ---- the address of the page carries points and window, so that it can be passed on

  function readAddress() {
    const query = new URLSearchParams(location.search);
    const known = new Set(boxes.map((box) => box.value));
    const points = query.getAll("p").filter((id) => known.has(id));
    for (const id of points.length ? points : JSON.parse(words.proposed)) choose(id, true);
    const start = Date.parse(query.get("start")), end = Date.parse(query.get("end"));
    if (start < end) view = bounded(start, end);
  }

  function writeAddress() {
    const query = new URLSearchParams();
    for (const id of chosen.keys()) query.append("p", id);
    if (view.start > edge.start || view.end < edge.end) {
      query.set("start", new Date(view.start).toISOString());
      query.set("end", new Date(view.end).toISOString());
    }
    history.replaceState(null, "", `?${query}`);
    const other = document.getElementById("other-language");
    other.href = `${other.getAttribute("href").split("?")[0]}?${query}`;
  }

  // ---- choosing points

  function choose(id, on) {
    if (on && !chosen.has(id)) {
      const used = new Set(chosen.values());
      const slot = [...Array(COLOURS).keys()].find((number) => !used.has(number));
      if (slot === undefined) return;
      chosen.set(id, slot);
      stale.add(id);
    } else if (!on) {
      chosen.delete(id);
      curves.delete(id);
      stale.delete(id);
    }
    for (const box of boxes) {
      const slot = chosen.get(box.value);
      box.checked = slot !== undefined;
      box.disabled = slot === undefined && chosen.size >= COLOURS;
      box.parentElement.querySelector(".swatch").className =
        `swatch${slot === undefined ? "" : ` c${slot}`}`;
    }
    document.getElementById("chosen-count").textContent = `${chosen.size} / ${COLOURS}`;
  }

  // ---- fetching

  function reload() {
    for (const id of chosen.keys()) stale.add(id);
    return load();
  }

  async function load() {
    if (asked) asked.abort(); // what it did not finish is still stale
    asked = new AbortController();
    const { signal } = asked;
    const extra = (view.end - view.start) * 0.25; // so that dragging shows something at once
    const n = Math.round(Math.min(2000, Math.max(300, place.clientWidth * 1.5)));
    place.setAttribute("aria-busy", "true");
    let failed = false;
    await Promise.all([...stale].map(async (id) => {
      const query = new URLSearchParams({
        point: id, n, start: Math.round(view.start - extra), end: Math.round(view.end + extra),
      });
      try {
        const url = `/api/sites/${encodeURIComponent(words.site)}/series?${query}`;
        const answer = await fetch(url, { signal });
        if (!answer.ok) throw new Error(answer.status);
        curves.set(id, await answer.json());
        stale.delete(id);
      } catch (error) {
        failed ||= error.name !== "AbortError";
      }
    }));
    if (signal.aborted) return;
    place.removeAttribute("aria-busy");
    draw();
    tell(failed);
    writeAddress();
    place.dataset.loads = String(+(place.dataset.loads ?? 0) + 1);
  }

  function tell(failed) {
    const shown = [...curves.values()];
    const records = shown.reduce((sum, curve) => sum + curve.records, 0);
    const flagged = shown.reduce((sum, curve) => sum + curve.flagged, 0);
    const kinds = new Set(shown.filter((curve) => curve.records).map((curve) => curve.kind));
    const parts = [`${clock.text(view.start)} – ${clock.text(view.end)}`];
    if (chosen.size === 0) parts.push(words.none);
    else if (records === 0) parts.push(words.empty);
    else parts.push(`${records.toLocaleString(words.locale)} ${words.records}`);
    if (kinds.has("raw")) parts.push(words.raw);
    if (kinds.has("buckets")) parts.push(words.buckets);
    if (flagged) parts.push(`${flagged.toLocaleString(words.locale)} ${words.flagged}`);
    if (failed) parts.push(words.failed);
    note.textContent = parts.join(" · ");
    document.getElementById("from").value = clock.text(view.start, "T");
    document.getElementById("to").value = clock.text(view.end, "T");
    for (const button of document.querySelectorAll("[data-window]")) {
      const wide = +button.dataset.window * 1000 || edge.end - edge.start;
      const fits = Math.abs(view.end - view.start - wide) < 1000;
      button.setAttribute("aria-pressed", String(fits));
    }
  }

  // ---- drawing

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  function panels() {
    const byUnit = new Map();
    for (const [id, slot] of chosen) {
      const curve = curves.get(id);
      if (!curve) continue;
      if (!byUnit.has(curve.unit)) byUnit.set(curve.unit, []);
      byUnit.get(curve.unit).push({ id, slot, curve });
    }
    return [...byUnit];
  }

  function seriesOf({ id, slot, curve }, panel) {
    const ink = colour(`c${slot}`), box = boxes.find((one) => one.value === id);
    const name = box.parentElement.querySelector(".name").textContent;
    const x = curve.time.map((time) => clock.onAxis(time));
    const common = {
      type: "line", xAxisIndex: panel, yAxisIndex: panel, symbol: "none", animation: false,
      step: curve.held ? "end" : false,
    };
    const made = [];
    if (curve.kind === "buckets") {
      const band = { ...common, stack: id, stackStrategy: "all", silent: true, name: "",
        lineStyle: { width: 0 }, tooltip: { show: false } };
      made.push({ ...band, data: x.map((t, i) => [t, curve.low[i]]) });
      made.push({ ...band, areaStyle: { color: ink, opacity: 0.22 },
        data: x.map((t, i) => [t, curve.low[i] === null ? null : curve.high[i] - curve.low[i]]) });
    }
    made.push({ ...common, name, lineStyle: { width: 1.6, color: ink }, itemStyle: { color: ink },
      symbol: curve.kind === "raw" && x.length < 80 ? "circle" : "none", symbolSize: 5,
      diwen: id, data: x.map((t, i) => [t, curve.mean[i]]) });
    if (curve.flagged_time.length) {
      made.push({ ...common, type: "scatter", name: "", silent: true, symbol: "diamond", symbolSize: 6,
        itemStyle: { color: "transparent", borderColor: colour("muted"), borderWidth: 1 },
        data: curve.flagged_time.map((t, i) => [clock.onAxis(t), curve.flagged_value[i]]) });
    }
    return made;
  }

  function nearest(curve, instant) {
    let low = 0, high = curve.time.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (curve.time[middle] <= instant) low = middle; else high = middle;
    }
    if (curve.held) return low;
    return Math.abs(curve.time[high] - instant) < Math.abs(curve.time[low] - instant) ? high : low;
  }

  function tip(found) {
    const at = clock.fromAxis(found[0].axisValue);
    const lines = [clock.text(at)];
    for (const [unit, members] of panels()) {
      for (const { id, slot, curve } of members) {
        const i = nearest(curve, at), value = curve.mean[i];
        if (value === null || value === undefined) continue;
        const show = (number) => number.toLocaleString(words.locale,
          { minimumFractionDigits: curve.decimals, maximumFractionDigits: curve.decimals });
        const range = curve.kind === "buckets" ? `  (${show(curve.low[i])} … ${show(curve.high[i])})` : "";
        const name = boxes.find((box) => box.value === id).parentElement.querySelector(".name").textContent;
        lines.push(`{c${slot}|■} ${name}: ${show(value)} ${unit}${range}`);
      }
    }
    return lines.join("\n");
  }

  function draw() {
    const shown = panels(), ink = colour("ink"), muted = colour("muted"), line = colour("line");
    const count = Math.max(shown.length, 1);
    place.style.height = `${34 + count * (PANEL + GAP) + 36}px`;
    chart.resize();
    const narrow = place.clientWidth < 520;
    const span = () => view.end - view.start;
    const marks = {};
    for (let slot = 0; slot < COLOURS; slot += 1) marks[`c${slot}`] = { color: colour(`c${slot}`) };
    const panelOf = (_, index) => ({
      left: narrow ? 44 : 62, right: narrow ? 10 : 22, top: 34 + index * (PANEL + GAP), height: PANEL,
    });
    const every = [...Array(count).keys()];
    const zoom = { xAxisIndex: every, startValue: clock.onAxis(view.start),
      endValue: clock.onAxis(view.end), filterMode: "none", minValueSpan: SHORTEST };
    chart.setOption({
      useUTC: true, animation: false, textStyle: { color: ink, fontFamily: "inherit" },
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, formatter: tip,
        backgroundColor: colour("sheet"), borderColor: colour("line-strong"),
        textStyle: { color: ink, fontSize: narrow ? 11 : 12, lineHeight: 18, rich: marks },
        axisPointer: { type: "line", lineStyle: { color: muted } } },
      grid: every.map(panelOf),
      xAxis: every.map((index) => ({
        type: "time", gridIndex: index, min: clock.onAxis(edge.start), max: clock.onAxis(edge.end),
        axisLine: { lineStyle: { color: colour("line-strong") } },
        axisLabel: { color: muted, hideOverlap: true, formatter: (value) => clock.label(value, span()) },
        splitLine: { show: true, lineStyle: { color: line, opacity: 0.6 } },
        axisPointer: { label: { show: false } },
      })),
      yAxis: every.map((index) => ({
        type: "value", gridIndex: index, scale: true, name: shown[index] ? shown[index][0] : "",
        nameTextStyle: { color: muted, align: "left" }, nameGap: 10,
        axisLabel: { color: muted, hideOverlap: true }, splitLine: { lineStyle: { color: line } },
        axisPointer: { show: false },
      })),
      dataZoom: [
        { type: "inside", ...zoom, preventDefaultMouseMove: false },
        { type: "slider", ...zoom, height: 26, bottom: 6, showDataShadow: false, brushSelect: false,
          left: narrow ? 44 : 62, right: narrow ? 10 : 22, labelFormatter: "", showDetail: false,
          borderColor: line, fillerColor: `${colour("accent")}2e`, backgroundColor: "transparent",
          handleStyle: { color: colour("accent") }, moveHandleStyle: { color: colour("line-strong") } },
      ],
      series: shown.flatMap(([, members], panel) => members.flatMap((one) => seriesOf(one, panel))),
    }, { notMerge: true });
  }

  // ---- moving the window

  function bounded(start, end) {
    const wide = Math.min(Math.max(end - start, SHORTEST), edge.end - edge.start);
    const from = Math.min(Math.max(start, edge.start), edge.end - wide);
    return { start: from, end: from + wide };
  }

  function show(start, end) {
    view = bounded(start, end);
    chart.dispatchAction({ type: "dataZoom", startValue: clock.onAxis(view.start), endValue: clock.onAxis(view.end) });
    reload();
  }

  chart.on("datazoom", () => {
    const { startValue, endValue } = chart.getOption().dataZoom[0];
    const next = bounded(clock.fromAxis(startValue), clock.fromAxis(endValue));
    if (Math.abs(next.start - view.start) < 1 && Math.abs(next.end - view.end) < 1) return;
    view = next;
    clearTimeout(timer);
    timer = setTimeout(reload, 180);
  });
  document.querySelectorAll("[data-window]").forEach((button) => button.addEventListener("click", () => {
    const wide = +button.dataset.window * 1000;
    if (!wide) return show(edge.start, edge.end);
    const middle = (view.start + view.end) / 2;
    return show(middle - wide / 2, middle + wide / 2);
  }));
  document.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => {
    const by = (view.end - view.start) * +button.dataset.step;
    show(view.start + by, view.end + by);
  }));
  document.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    const middle = (view.start + view.end) / 2, half = ((view.end - view.start) * +button.dataset.zoom) / 2;
    show(middle - half, middle + half);
  }));
  document.getElementById("dates").addEventListener("submit", (event) => {
    event.preventDefault();
    const start = clock.instant(document.getElementById("from").value);
    const end = clock.instant(document.getElementById("to").value);
    if (start < end) show(start, end);
  });
  boxes.forEach((box) => box.addEventListener("change", () => {
    choose(box.value, box.checked);
    if (box.checked) load(); else { draw(); tell(false); writeAddress(); }
  }));
  document.addEventListener("diwen:theme", draw);
  new ResizeObserver(() => { if (chart.getWidth() !== place.clientWidth) draw(); }).observe(place);
  if (matchMedia("(max-width: 900px)").matches) document.getElementById("picker").open = false;

  readAddress();
  load();
})();
