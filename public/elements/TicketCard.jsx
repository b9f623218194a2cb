// The order ticket, drawn from the ticket's own fields. Its buttons send the ticket's id and digest, nothing else;
// whether that releases anything is decided by the server.
import { useEffect, useRef, useState } from "react";

const ENDINGS = {
  confirmed: ["Released, not yet sent", "wait"],
  intended: ["Released, being sent", "wait"],
  sending: ["Being sent", "wait"],
  working: ["Working at the exchange", "wait"],
  partly_filled: ["Partly filled, the rest is working", "wait"],
  filled: ["Filled", "done"],
  cancelled: ["Cancelled", "dead"],
  rejected: ["Rejected by the broker", "bad"],
  refused: ["Refused by the risk gate, nothing was sent", "bad"],
  expired: ["Expired, nothing was sent", "dead"],
  void: ["Void, nothing was sent", "dead"],
  unknown: ["Unknown: perhaps sent. The broker's books will say", "bad"],
};

const TYPES = {
  market: "Market order",
  limit: "Limit order",
  stop: "Stop order",
  stop_limit: "Stop-limit order",
  trailing: "Trailing stop",
};

const TIMES = {
  DAY: "good for the day",
  GTC: "good till cancelled",
  OPG: "at the open",
  MOC: "at the close",
};

function Fact({ name, value, note, kind }) {
  return (
    <div className={`dm-fact ${kind || ""}`}>
      <dt>{name}</dt>
      <dd>
        {value}
        {note ? <small>{note}</small> : null}
      </dd>
    </div>
  );
}

function useSecondsLeft(expiresAt, running) {
  const left = () => Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now() - window.deskmate.skew) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setSeconds(left()), 1000);
    return () => clearInterval(timer);
  }, [expiresAt, running]);
  return seconds;
}

function howPriced(t, dm) {
  const said = [TYPES[t.order_type] || t.order_type];
  if (t.limit_price !== null) said.push(`limit ${dm.price(t.limit_price)}`);
  if (t.stop_price !== null) said.push(`stop ${dm.price(t.stop_price)}`);
  if (t.trail !== null) said.push(`trails by ${t.trail}`);
  said.push(TIMES[t.tif] || t.tif);
  return said.join(" · ");
}

export default function TicketCard() {
  const dm = window.deskmate;
  const t = props;
  const [busy, setBusy] = useState(false);
  const [lost, setLost] = useState("");
  const open = t.status === "proposed";
  const seconds = useSecondsLeft(t.expires_at, open);
  const usable = open && seconds > 0;
  const where = dm.mode(t.mode);
  const [ending, tone] = open ? ENDINGS.expired : ENDINGS[t.status] || [t.status, "bad"];
  const act = `${t.side} ${dm.count(t.quantity)} ${t.symbol}`;
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  // The second question must not open out of sight.
  const second = useRef(null);
  useEffect(() => {
    if (second.current) second.current.scrollIntoView({ block: "center" });
  }, [t.armed]);

  const press = async (name) => {
    setBusy(true);
    setLost("");
    try {
      await callAction({ name, payload: { ticket: t.id, digest: t.digest } });
    } catch (error) {
      setLost("No answer from the desk. Reload the page to see what became of this ticket before you try again.");
    }
    setBusy(false);
  };

  return (
    <article
      className={`dm-card dm-ticket ${usable ? "dm-open" : "dm-closed"}`}
      data-mode={t.mode}
      data-side={t.side}
      data-status={t.status}
      data-ticket={t.id}
      aria-label={`Order ticket ${t.id}: ${act}, ${where.name}`}
    >
      <header className="dm-band">
        <strong className="dm-mode">{where.name}</strong>
        <span className="dm-mode-note">{where.note}</span>
        <span className="dm-grow" />
        <span className="dm-code">Ticket {t.id}</span>
        {usable ? (
          <span className={seconds < 30 ? "dm-clock dm-late" : "dm-clock"} role="timer" aria-label="Expires in">
            {clock}
          </span>
        ) : null}
      </header>

      <div className="dm-order">
        <div>
          <h3>
            <span className="dm-side">{t.side}</span> {dm.count(t.quantity)} <span className="dm-symbol">{t.symbol}</span>
          </h3>
          <p>{howPriced(t, dm)}{t.reducing ? " · only reduces a position" : ""}</p>
        </div>
        <div className="dm-notional">
          <span>{dm.money(t.notional)}</span>
          <small>order value</small>
        </div>
      </div>

      <dl className="dm-facts">
        <Fact
          name="Expected price"
          value={dm.price(t.expected_price)}
          note={t.fill_now === t.quantity ? "all expected to fill at once" : `${dm.count(t.fill_now)} expected to fill at once`}
        />
        <Fact name="Commission" value={dm.money(t.expected_commission)} note="expected" />
        <Fact
          name="Most it can lose"
          value={t.max_loss !== null ? dm.money(t.max_loss) : t.reducing ? "—" : t.side === "buy" ? "its whole value" : "not bounded"}
          note={t.max_loss !== null ? "if the attached stop fills at its price" : t.reducing ? "it reduces the position" : "no stop is attached"}
          kind={t.max_loss === null && !t.reducing ? "dm-warn" : ""}
        />
        <Fact
          name="Recommended size"
          value={t.recommended_quantity === null ? "none" : dm.count(t.recommended_quantity)}
          note={t.sizing}
        />
        {t.attached.map((child) => (
          <Fact
            key={child.kind}
            name={child.kind === "stop_loss" ? "Attached stop" : "Attached target"}
            value={dm.price(child.price)}
          />
        ))}
      </dl>

      {t.legs.length ? (
        <ul className="dm-legs">
          {t.legs.map((leg, index) => (
            <li key={index}>
              {leg.action} {leg.ratio} {leg.symbol} {leg.expiry ? dm.instant(leg.expiry) : ""}{" "}
              {leg.strike !== null ? dm.price(leg.strike) : ""} {leg.right || ""}
            </li>
          ))}
        </ul>
      ) : null}

      <p className="dm-source">
        <span className="dm-badge">{t.quote_freshness}</span> Quote {dm.price(t.bid)} bid, {dm.price(t.ask)} ask ·{" "}
        {dm.instant(t.quoted_at)} · {t.quote_source} · account {t.account}
      </p>

      {usable ? (
        <footer className="dm-acts">
          {t.armed ? (
            <div className="dm-second" role="alert" ref={second}>
              <span>This sends a live order with real money. Release it?</span>
              <button type="button" className="dm-cancel" disabled={busy} onClick={() => press("dismiss_ticket")}>
                Cancel
              </button>
              <button type="button" className="dm-confirm" disabled={busy} onClick={() => press("release_ticket")}>
                Release LIVE: {act}
              </button>
            </div>
          ) : (
            <>
              <button type="button" className="dm-confirm" disabled={busy} onClick={() => press("release_ticket")}>
                Confirm: {act}
              </button>
              <button type="button" className="dm-cancel" disabled={busy} onClick={() => press("dismiss_ticket")}>
                Cancel
              </button>
            </>
          )}
          <span className="dm-grow" />
          <span className="dm-digest" title={`Your click releases exactly this ticket: ${t.digest}`}>
            {t.digest.slice(0, 12)}
          </span>
        </footer>
      ) : (
        <footer className="dm-ending" data-tone={tone} role="status">
          <strong>{ending}</strong>
          {t.filled > 0 ? (
            <span>
              {dm.count(t.filled)} of {dm.count(t.quantity)}
              {t.average_price !== null ? ` at ${dm.price(t.average_price)}` : ""}
              {t.commission !== null ? `, commission ${dm.money(t.commission)}` : ""}
            </span>
          ) : t.status === "cancelled" ? (
            <span>nothing was filled</span>
          ) : null}
          {t.why ? <span>{t.why}</span> : null}
          <span className="dm-grow" />
          <span className="dm-digest" title={t.digest}>{t.digest.slice(0, 12)}</span>
        </footer>
      )}
      {lost ? <p className="dm-lost" role="alert">{lost}</p> : null}
    </article>
  );
}
