// Small manners of every page: pieces that arrive when they are computed, tables that sort and
// search, forms that act at once. Everything also works as plain links and forms.
(() => {
  "use strict";

  // A piece of the page that is still being computed: ask until the answer is complete (200).
  // 202 means "not yet" and may carry a newer state of the piece.
  async function fetchPiece(place, tries = 0) {
    const url = place.dataset.fragment;
    let answer;
    try {
      answer = await fetch(url, { headers: { "X-Fragment": "1" } });
    } catch {
      if (place.isConnected) setTimeout(() => fetchPiece(place, tries + 1), 5000);
      return;
    }
    const text = await answer.text();
    if (!place.isConnected) return;
    const fresh = parse(text, place);
    if (answer.status === 202) {
      if (fresh && !place.matches("tr")) place.replaceChildren(...fresh.childNodes);
      setTimeout(() => fetchPiece(place, tries + 1), Math.min(400 + 200 * tries, 3000));
      return;
    }
    if (!fresh) return;
    place.replaceWith(fresh);
    prepare(fresh);
    document.dispatchEvent(new CustomEvent("diwen:piece", { detail: fresh }));
  }

  function parse(text, place) {
    const holder = document.createElement("template");
    holder.innerHTML = text.trim();
    const first = holder.content.firstElementChild;
    return first && first.tagName === place.tagName ? first : null;
  }

  // Rows of a long list are asked for only when they come into sight.
  const watcher = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      fetchPiece(target);
    }
  }, { rootMargin: "300px" });

  function prepare(root) {
    const all = root.matches && root.matches("[data-fragment]") ? [root] : [];
    all.push(...root.querySelectorAll("[data-fragment]"));
    for (const place of all) {
      if ("lazy" in place.dataset) watcher.observe(place);
      else fetchPiece(place);
    }
    for (const select of root.querySelectorAll("select[data-submit]")) {
      select.addEventListener("change", () => select.form.requestSubmit());
    }
  }

  function sortable(table) {
    const heads = [...table.querySelectorAll("th[data-sort]")];
    heads.forEach((head) => head.querySelector("button").addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const column = head.cellIndex, numeric = head.dataset.sort === "number";
      const key = (row) => (row.cells[column] ? row.cells[column].dataset.key ?? "" : "");
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => {
        const x = key(a), y = key(b);
        if (x === "" || y === "") return (x === "") - (y === ""); // what is not known stands last
        const order = numeric ? x - y : x.localeCompare(y, document.documentElement.lang);
        return up ? order : -order;
      });
      table.tBodies[0].append(...rows);
    }));
  }

  function searchable(input, rows, nothing) {
    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows()) {
        row.hidden = !words.every((word) => row.dataset.words.includes(word));
        shown += !row.hidden;
      }
      if (nothing) nothing.hidden = shown > 0;
    };
    input.addEventListener("input", filter);
    document.addEventListener("diwen:piece", filter);
  }

  // The day calendar: say which day the pointer is on and how much of it is there.
  function calendar(strip) {
    const shares = strip.dataset.shares.split(","), first = Date.parse(strip.dataset.first);
    const note = document.getElementById("calendar-note");
    strip.addEventListener("pointermove", (event) => {
      const box = strip.getBoundingClientRect();
      const day = Math.floor(((event.clientX - box.left) / box.width) * shares.length);
      if (day < 0 || day >= shares.length) return;
      const date = new Date(first + day * 86400000).toISOString().slice(0, 10);
      const share = shares[day] === "" ? "–" : `${shares[day]} %`;
      note.textContent = `${strip.dataset.point} · ${date} · ${share}`;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    prepare(document);
    document.querySelectorAll("table").forEach((table) => {
      if (table.querySelector("th[data-sort]")) sortable(table);
    });
    document.querySelectorAll("svg[data-shares]").forEach(calendar);
    const tab = document.querySelector(".tabs [aria-current]");
    if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.clientWidth / 3;
    const search = document.getElementById("search");
    if (search) {
      searchable(search, () => document.querySelectorAll("[data-words]"),
        document.getElementById("nothing-found"));
    }
  });
})();
