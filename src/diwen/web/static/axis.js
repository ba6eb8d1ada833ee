// Time on the axis of the plots: instants are UTC, labels are the clock at the site.
"use strict";

// ECharts draws in UTC; every instant is shifted by the site's offset at one moment, so that its
// ticks fall on local midnights. Labels are made from the exact instant, so that a change of
// clocks within the window is shown rightly.
class SiteClock {
  constructor(zone, locale, reference) {
    this.zone = zone;
    this.locale = locale;
    this.parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    this.shift = this.offset(reference);
  }

  // Year, month ... second of an instant at the site, as text.
  fields(instant) {
    const found = {};
    for (const { type, value } of this.parts.formatToParts(instant)) found[type] = value;
    return found;
  }

  // Local clock minus UTC at an instant, ms.
  offset(instant) {
    const f = this.fields(instant);
    const local = Date.UTC(+f.year, +f.month - 1, +f.day, +f.hour, +f.minute, +f.second);
    return local - Math.floor(instant / 1000) * 1000;
  }

  onAxis(instant) { return instant + this.shift; }
  fromAxis(place) { return place - this.shift; }

  // What stands under a tick, by how much time the window shows.
  label(place, span) {
    const f = this.fields(this.fromAxis(place));
    const day = 86400000;
    if (span > 400 * day) return `${f.year}-${f.month}`;
    if (span > 4 * day) return f.day === "01" && f.month === "01" ? f.year : `${f.month}-${f.day}`;
    const midnight = f.hour === "00" && f.minute === "00" && f.second === "00";
    if (midnight) return `${f.month}-${f.day}`;
    return span < 600000 ? `${f.hour}:${f.minute}:${f.second}` : `${f.hour}:${f.minute}`;
  }

  // The whole instant, for the tooltip and the date fields.
  text(instant, between = " ") {
    const f = this.fields(instant);
    return `${f.year}-${f.month}-${f.day}${between}${f.hour}:${f.minute}:${f.second}`;
  }

  // The instant that a date field (local clock) means.
  instant(text) {
    const naive = Date.parse(`${text}Z`);
    let instant = naive - this.shift;
    for (let i = 0; i < 2; i += 1) instant = naive - this.offset(instant);
    return instant;
  }
}
