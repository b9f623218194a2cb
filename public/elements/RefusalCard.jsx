// An order the gate refused: every reason with its figures, and the nearest order that would pass.
export default function RefusalCard() {
  const dm = window.deskmate;
  const shape = (value, unit) => {
    if (/^[A-Z]{3}$/.test(unit)) return dm.money(value, unit);
    return `${dm.count(value)}${unit ? " " + unit : ""}`;
  };
  const figure = (name, value, unit, kind) =>
    value ? (
      <div>
        <dt>{name}</dt>
        <dd className={kind}>{shape(value, unit)}</dd>
      </div>
    ) : null;
  const other = props.alternative;
  return (
    <article className="dm-card dm-refusal" aria-label="Order refused">
      <header className="dm-band">
        <strong className="dm-mode">Refused</strong>
        <span className="dm-mode-note">
          {props.side} {dm.count(props.quantity)} {props.symbol} ·{" "}
          {props.stage === "send" ? "checked again at the moment of sending, nothing was sent" : "no ticket was made"}
        </span>
      </header>
      <ul className="dm-reasons">
        {props.reasons.map((reason, index) => (
          <li key={index} data-control={reason.control}>
            <p>{reason.text.charAt(0).toUpperCase() + reason.text.slice(1)}</p>
            {reason.value || reason.limit ? (
              <dl>
                {figure("this order", reason.value, reason.unit, "dm-over")}
                {figure("limit", reason.limit, reason.unit, "")}
              </dl>
            ) : null}
          </li>
        ))}
      </ul>
      {other ? (
        <footer className="dm-acts">
          <span>
            Would pass: <strong>{other.side} {dm.count(other.quantity)} {other.symbol}</strong>
            {other.limit_price ? `, limit ${dm.price(other.limit_price)}` : ""}
            {other.stop_price ? `, stop ${dm.price(other.stop_price)}` : ""}
          </span>
          <span className="dm-grow" />
          <button type="button" onClick={() => sendUserMessage("use the alternative")}>
            Use the alternative
          </button>
        </footer>
      ) : null}
    </article>
  );
}
