/* Draws Diwen's charts with Apache ECharts. An option comes as plain JSON; this file adds what
   JSON cannot carry: the tooltip text, the theme, the fit to the window and to paper. */
(function () {
  "use strict";
  const BAND = "\u200bband";
  const dark = window.matchMedia ? window.matchMedia("(prefers-color-scheme: dark)") : null;

  function escape(text) {
    const span = document.createElement("span");
    span.textContent = text;
    return span.innerHTML;
  }

  function number(value, decimals) {
    if (value === null || value === undefined || !isFinite(value)) return "–";
    return value.toLocaleString("en-US", {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    }).replace("-", "−");
  }

  function moment(milliseconds) {
    return new Date(milliseconds).toISOString().replace("T", " ").slice(0, 19);
  }

  function cellTip(item, option) {
    const [column, row, value] = item.value;
    return escape(option.yAxis.data[row]) + "<br>" + escape(option.xAxis.data[column]) +
      ": <b>" + number(value, 1) + " %</b>";
  }

  function line(item, option, across) {
    const extra = option.diwen;
    const columns = option.dataset[item.datasetIndex].source;
    const axis = (option.series[item.seriesIndex].yAxisIndex) || 0;
    const unit = extra.units[axis] ? " " + escape(extra.units[axis]) : "";
    const digits = extra.decimals[axis];
    const at = item.dataIndex;
    let text = item.marker + escape(item.seriesName) + ": <b>" +
      number(columns.y[at], digits) + unit + "</b>";
    if (columns.low && columns.low[at] !== null) {
      text += " <small>[" + number(columns.low[at], digits) + " … " +
        number(columns.high[at], digits) + "]</small>";
    }
    return text;
  }

  function head(item, option) {
    const axis = option.diwen.x;
    if (axis.kind === "time") return moment(item.axisValue);
    if (axis.kind === "category") return escape(item.name);
    return number(Number(item.axisValue), axis.decimals || 1) + " " + escape(axis.unit || "");
  }

  function tooltip(option) {
    return function (given) {
      const items = (Array.isArray(given) ? given : [given]).filter(
        (item) => item.seriesName !== BAND && item.seriesType !== undefined);
      if (!items.length) return "";
      if (items[0].seriesType === "heatmap") return cellTip(items[0], option);
      items.forEach((item) => {
        item.datasetIndex = option.series[item.seriesIndex].datasetIndex;
      });
      return [head(items[0], option)].concat(items.map((item) => line(item, option))).join("<br>");
    };
  }

  /* An error bar: a line from the lower to the upper bound with a short cap at either end.
     The columns of a data set are x, y, low, high, width. */
  function whisker(across, api) {
    const x = api.value(0);
    const at = (value) => api.coord(across ? [value, x] : [x, value]);
    const low = at(api.value(2)), high = at(api.value(3));
    const cap = across ? [0, 4] : [4, 0];
    const style = { stroke: "#8a949e", lineWidth: 1.4, fill: null };
    const line = (x1, y1, x2, y2) => (
      { type: "line", shape: { x1: x1, y1: y1, x2: x2, y2: y2 }, style: style });
    return {
      type: "group",
      children: [
        line(low[0], low[1], high[0], high[1]),
        line(low[0] - cap[0], low[1] - cap[1], low[0] + cap[0], low[1] + cap[1]),
        line(high[0] - cap[0], high[1] - cap[1], high[0] + cap[0], high[1] + cap[1]),
      ],
    };
  }

  /** Draw one chart into an element that has a height; returns the ECharts instance. */
  function mount(element, option) {
    const chart = window.echarts.init(element, dark && dark.matches ? "dark" : null, {
      renderer: "svg",
      locale: (document.documentElement.lang || "").startsWith("zh") ? "ZH" : "EN",
    });
    const style = getComputedStyle(element);
    const shown = Object.assign({}, option, {
      backgroundColor: "transparent",
      textStyle: { fontFamily: style.fontFamily, color: style.color },
      tooltip: Object.assign({}, option.tooltip, { formatter: tooltip(option) }),
      series: option.series.map((one) => (one.diwen || "").startsWith("whisker")
        ? Object.assign({}, one, {
          renderItem: (parameters, api) => whisker(one.diwen === "whisker across", api),
        }) : one),
    });
    chart.setOption(shown);
    chart.diwenOption = option;
    return chart;
  }

  /** Draw every element that has data-chart="id" from a table of options by id. */
  function mountAll(options, root) {
    const charts = [];
    function draw(element) {
      if (element.dataset.drawn) return;
      element.dataset.drawn = "yes";
      charts.push(mount(element, options[element.dataset.chart]));
    }
    const elements = Array.from((root || document).querySelectorAll("[data-chart]"));
    // What comes near is drawn at once, the rest one by one, so that the page is there at once.
    function rest() {
      const next = elements.find((element) => !element.dataset.drawn);
      if (!next) return;
      draw(next);
      window.setTimeout(rest, 20);
    }
    window.setTimeout(rest, 200);
    if ("IntersectionObserver" in window) {
      const watcher = new IntersectionObserver(function (seen) {
        seen.filter((one) => one.isIntersecting).forEach((one) => {
          watcher.unobserve(one.target);
          draw(one.target);
        });
      }, { rootMargin: "800px" });
      elements.forEach((element) => watcher.observe(element));
    }
    const fit = () => charts.forEach((chart) => chart.resize({ animation: { duration: 0 } }));
    window.addEventListener("resize", fit);
    window.addEventListener("beforeprint", function () {
      elements.forEach(draw);
      fit();
    });
    window.addEventListener("afterprint", fit);
    if (dark && dark.addEventListener) {
      dark.addEventListener("change", function () {
        charts.splice(0).forEach((chart) => {
          const element = chart.getDom(), option = chart.diwenOption;
          chart.dispose();
          charts.push(mount(element, option));
        });
      });
    }
    return charts;
  }

  window.diwenCharts = { mount: mount, mountAll: mountAll, whisker: whisker };
})();
