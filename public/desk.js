// What the cards share (window.deskmate), and the bar that always shows whose account this is, where orders go,
// what it is worth and how old the data is. Figures arrive as decimal strings and are shaped as text: no rounding
// through floating point, no markup.
(() => {
  "use strict";

  const group = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

  const parts = (text) => {
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text));
    return match && { minus: match[1] === "-", whole: match[2], part: match[3] || "" };
  };

  /** A price as it is: every digit that counts, at least two decimals. */
  const price = (text) => {
    const read = parts(text);
    if (!read) return String(text ?? "");
    const part = read.part.replace(/0+$/, "").padEnd(2, "0");
    return `${read.minus ? "−" : ""}${group(read.whole)}.${part}`;
  };

  /** An amount to the cent, rounded half up on the digits themselves. */
  const amount = (text) => {
    const read = parts(text);
    if (!read) return String(text ?? "");
    const cents = BigInt(read.whole + read.part.slice(0, 2).padEnd(2, "0")) + (read.part[2] >= "5" ? 1n : 0n);
    const digits = String(cents).padStart(3, "0");
    const sign = read.minus && cents !== 0n ? "−" : "";
    return `${sign}${group(digits.slice(0, -2))}.${digits.slice(-2)}`;
  };

  /** A figure to at most two decimals, rounded half up; fewer where the rest are zeros. */
  const short = (text) => {
    const read = parts(text);
    if (!read || read.part.length <= 2) return count(text);
    return amount(text).replace(/\.?0+$/, "");
  };

  const SYMBOLS = { USD: "$", EUR: "€", GBP: "£" };

  /** An amount with its currency; `signed` writes a plus too. */
  const money = (text, currency = "USD", signed = false) => {
    const shaped = amount(text);
    const minus = shaped.startsWith("−");
    const sign = minus ? "−" : signed && !/^[0.,]*$/.test(shaped) ? "+" : "";
    const bare = minus ? shaped.slice(1) : shaped;
    return SYMBOLS[currency] ? `${sign}${SYMBOLS[currency]}${bare}` : `${sign}${bare} ${currency}`;
  };

  /** A whole count, grouped. */
  const count = (value) => {
    const read = parts(value);
    if (!read) return String(value ?? "");
    const part = read.part.replace(/0+$/, "");
    return `${read.minus ? "−" : ""}${group(read.whole)}${part ? "." + part : ""}`;
  };

  /** A fraction (0.0123) as per cent; floats from signals and risk. */
  const percent = (value, digits = 1, signed = false) => {
    const number = Number(value);
    if (value === null || value === "" || !Number.isFinite(number)) return "";
    const sign = number < 0 ? "−" : signed && number > 0 ? "+" : "";
    return `${sign}${(Math.abs(number) * 100).toFixed(digits)} %`;
  };

  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  /** An ISO date or instant as "21 Sep 2023" or "21 Sep 2023, 20:00 UTC". */
  const instant = (text) => {
    const read = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}))?/.exec(String(text ?? ""));
    if (!read) return String(text ?? "");
    const day = `${Number(read[3])} ${MONTHS[Number(read[2]) - 1]} ${read[1]}`;
    return read[4] ? `${day}, ${read[4]} UTC` : day;
  };

  /** "up", "down" or "flat", from a figure's sign. */
  const trend = (value) => {
    const number = Number(value);
    return number > 0 ? "up" : number < 0 ? "down" : "flat";
  };

  const MODES = {
    virtual: { name: "Virtual", note: "simulated exchange, no money moves" },
    paper: { name: "Paper", note: "practice account at the broker, no money moves" },
    live: { name: "Live", note: "real money" },
    paper_first: { name: "Paper first", note: "simulated fill, then a live ticket" },
  };
  const mode = (name) => MODES[name] || { name: String(name), note: "" };

  window.deskmate = {
    price, amount, short, money, count, percent, instant, trend, mode,
    /** Milliseconds the server's clock is ahead of this one. */
    skew: 0,
  };

  // ---- the bar ----------------------------------------------------------------------------------------------
  const bar = document.createElement("section");
  bar.id = "desk-bar";
  bar.setAttribute("aria-label", "Account");

  const piece = (kind, name, value, more = {}) => {
    const box = document.createElement("div");
    box.className = `desk-piece desk-${kind}`;
    for (const [key, text] of Object.entries(more.data || {})) box.dataset[key] = text;
    if (more.title) box.title = more.title;
    if (name) {
      const small = document.createElement("span");
      small.className = "desk-name";
      small.textContent = name;
      box.append(small);
    }
    const big = document.createElement("span");
    big.className = "desk-value";
    big.textContent = value;
    box.append(big);
    return box;
  };

  const show = (header) => {
    const where = mode(header.mode);
    const gate = String(header.gate);
    const state = gate.split(/[\s:,(]/, 1)[0];
    const pieces = [
      piece("mode", "", where.name.toUpperCase(), { title: where.note, data: { mode: header.mode } }),
      piece("account", "Account", header.account),
      piece("equity", "Equity", money(header.equity, header.currency)),
      piece("cash", "Cash", money(header.cash, header.currency)),
      piece("pnl", "Day P&L", money(header.day_pnl, header.currency, true), { data: { trend: trend(header.day_pnl) } }),
      piece("gate", "Trading", gate, { title: gate, data: { state } }),
      piece("data", "Data", [instant(String(header.data_as_of).slice(0, 10)), header.freshness].filter(Boolean).join(" · "), {
        title: [instant(header.data_as_of), header.market_note].filter(Boolean).join(": "),
      }),
    ];
    for (const name of header.degraded || []) pieces.push(piece("degraded", "Degraded", name));
    bar.replaceChildren(...pieces);
    document.documentElement.dataset.deskMode = header.mode;
  };

  window.addEventListener("message", (event) => {
    // Only this page itself may fill the bar: the server's message is posted by the page to its own window.
    if (event.source !== window || event.origin !== window.location.origin) return;
    const told = event.data;
    if (!told || told.deskmate !== "header" || !told.header) return;
    window.deskmate.skew = Date.parse(told.now) - Date.now();
    show(told.header);
  });

  const mount = () => document.body.prepend(bar);
  if (document.body) mount();
  else document.addEventListener("DOMContentLoaded", mount);
})();
