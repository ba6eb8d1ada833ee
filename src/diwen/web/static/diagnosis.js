// The pictures of a diagnosis. Their options come with the piece as JSON; this file adds what JSON
// cannot carry: tooltips, error bars, the page's colours. No inline style: the page forbids it.
(() => {
  "use strict";
  const BAND = "\u200bband", NARROW = 520;
  const drawn = new Map(); // element -> { chart, option }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  function number(value, decimals) {
    if (value === null || value === undefined || !isFinite(value)) return "–";
    return value.toLocaleString("en-US", {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    }).replace("-", "−");
  }

  function head(item, axis) {
    if (axis.kind === "time") return new Date(item.axisValue).toISOString().slice(0, 10);
    if (axis.kind === "category") return item.name;
    return `${number(Number(item.axisValue), axis.decimals || 0)} ${axis.unit || ""}`;
  }

  function line(item, option) {
    const series = option.series[item.seriesIndex];
    const columns = option.dataset[series.datasetIndex].source;
    const axis = series.yAxisIndex || 0, at = item.dataIndex;
    const digits = option.diwen.decimals[axis], unit = option.diwen.units[axis];
    let text = `${item.seriesName}: ${number(columns.y[at], digits)}${unit ? ` ${unit}` : ""}`;
    if (columns.low && columns.low[at] !== null) {
      text += ` (${number(columns.low[at], digits)} … ${number(columns.high[at], digits)})`;
    }
    return text;
  }

  function tooltip(option) {
    return (given) => {
      const items = (Array.isArray(given) ? given : [given]).filter(
        (item) => item.seriesName !== BAND && item.seriesType !== undefined);
      if (!items.length) return "";
      return [head(items[0], option.diwen.x), ...items.map((item) => line(item, option))].join("\n");
    };
  }

  // On a phone long names are broken into lines, and fewer numbers stand along an axis.
  function slim(axis) {
    if (Array.isArray(axis)) return axis.map(slim);
    const label = { ...axis.axisLabel, fontSize: 10, hideOverlap: true };
    if (axis.type === "category") {
      return { ...axis, axisLabel: { ...label, width: 120, overflow: "break", interval: 0 } };
    }
    return { ...axis, splitNumber: 3, axisLabel: label };
  }

  function mount(element, option) {
    const dark = document.documentElement.dataset.theme === "dark";
    const chart = echarts.init(element, dark ? "dark" : null, { renderer: "canvas" });
    const ink = colour("ink");
    const narrow = element.clientWidth < NARROW;
    chart.setOption({
      ...option,
      ...(narrow ? { xAxis: slim(option.xAxis), yAxis: slim(option.yAxis) } : {}),
      backgroundColor: "transparent",
      textStyle: { fontFamily: getComputedStyle(element).fontFamily, color: ink },
      tooltip: {
        ...option.tooltip, renderMode: "richText", formatter: tooltip(option),
        backgroundColor: colour("sheet"), borderColor: colour("line-strong"),
        textStyle: { color: ink, fontSize: 12, lineHeight: 18 },
      },
      series: option.series.map((one) => ((one.diwen || "").startsWith("whisker") ? {
        ...one,
        renderItem: (_, api) => window.diwenCharts.whisker(one.diwen === "whisker across", api),
      } : one)),
    });
    drawn.set(element, { chart, option });
  }

  function show(root) {
    const data = root.querySelector("#diagnosis-charts");
    if (!data) return;
    const options = JSON.parse(data.textContent);
    const watcher = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        if (!isIntersecting || drawn.has(target)) continue;
        watcher.unobserve(target);
        mount(target, options[target.dataset.figure]);
      }
    }, { rootMargin: "800px" });
    for (const element of root.querySelectorAll("[data-figure]")) {
      element.style.height = `${element.dataset.height}px`;
      watcher.observe(element);
      fit.observe(element);
    }
  }

  const fit = new ResizeObserver((seen) => {
    for (const { target } of seen) {
      const known = drawn.get(target);
      if (known && known.chart.getWidth() !== target.clientWidth) known.chart.resize();
    }
  });

  document.addEventListener("diwen:theme", () => {
    for (const [element, { chart, option }] of [...drawn]) {
      chart.dispose();
      mount(element, option);
    }
  });
  document.addEventListener("diwen:piece", (event) => show(event.detail));
  document.addEventListener("DOMContentLoaded", () => show(document));
})();
