// An order the gate refused: every reason with its figures, and the nearest order that would pass.
// The alternative in a person's own words, whole, so that it needs no memory of this card.
function inWords(order) {
  const said = [order.side, order.quantity, order.symbol];
  if (order.stop_price) said.push("stop", order.stop_price);
  if (order.limit_price) said.push("limit", order.limit_price);
  if (order.trail) said.push("trailing", order.trail);
  if (order.tif !== "DAY") said.push(order.tif);
  for (const child of order.attached) said.push(child.kind.replace("_", " "), child.price);
  return said.join(" ");
}

export default function RefusalCard() {
  const dm = window.deskmate;
  const shape = (value, unit) => {
    if (/^[A-Z]{3}$/.test(unit)) return dm.money(value, unit);
    return `${dm.short(value)}${unit ? " " + unit : ""}`;
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
            Would pass: <strong>{inWords(other)}</strong>
          </span>
          <span className="dm-grow" />
          <button type="button" onClick={() => sendUserMessage(inWords(other))}>
            Prepare this one
          </button>
        </footer>
      ) : null}
    </article>
  );
}
