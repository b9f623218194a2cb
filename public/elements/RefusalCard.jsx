// An order the gate refused: every reason with its figures, and the nearest order that would pass.
export default function RefusalCard() {
  const dm = window.deskmate;
  const shape = (value, unit) => {
    if (value === null || value === "") return "";
    if (/^[A-Z]{3}$/.test(unit)) return dm.money(value, unit);
    return `${dm.count(value)}${unit ? " " + unit : ""}`;
  };
  const other = props.alternative;
  return (
    <article className="dm-card dm-refusal" aria-label="Order refused">
      <header className="dm-band">
        <strong className="dm-mode">Refused</strong>
        <span className="dm-mode-note">
          {props.stage === "send" ? "at the moment of sending; nothing was sent" : "no ticket was made"}
        </span>
      </header>
      <ul className="dm-reasons">
        {props.reasons.map((reason, index) => (
          <li key={index}>
            <p>{reason.text}</p>
            {reason.value !== null || reason.limit !== null ? (
              <dl>
                {reason.value !== null ? (
                  <div>
                    <dt>this order</dt>
                    <dd className="dm-over">{shape(reason.value, reason.unit)}</dd>
                  </div>
                ) : null}
                {reason.limit !== null ? (
                  <div>
                    <dt>limit</dt>
                    <dd>{shape(reason.limit, reason.unit)}</dd>
                  </div>
                ) : null}
              </dl>
            ) : null}
          </li>
        ))}
      </ul>
      {other ? (
        <footer className="dm-acts">
          <span>
            Would pass: <strong>{other.side} {dm.count(other.quantity)} {other.symbol}</strong>
            {other.notional ? `, ${dm.money(other.notional)}` : ""}
          </span>
          <span className="dm-grow" />
          <button type="button" className="dm-plain" onClick={() => sendUserMessage("use the alternative")}>
            Use the alternative
          </button>
        </footer>
      ) : null}
    </article>
  );
}
