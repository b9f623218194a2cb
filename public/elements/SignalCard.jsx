// One symbol's signal: which way, how likely against how often calls come true at all, the levels it stands on, and the
// evidence as the terms that add up (in log-odds) from the base rate to the probability shown.
const TERMS = [
  ["base", "Base rate"],
  ["technical", "Technical"],
  ["sentiment", "Sentiment"],
  ["forecast", "Forecast"],
  ["news", "News"],
  ["regime", "Regime"],
  ["calibration", "Calibration"],
];
const WAYS = { long: "Long", short: "Short", neutral: "Range", volatile: "Large move", none: "No call" };
const RANGES = ["neutral", "volatile"];

const two = (value) => window.deskmate.price(Number(value).toFixed(2));
const share = (value) => window.deskmate.percent(value, 1);
const plainWords = (text) => String(text).replace(/_/g, " ");

// The prices a call stands on; of a bet on a range its two breakevens, with the side that wins drawn thick.
function Ladder({ call, last, direction }) {
  const range = RANGES.includes(direction);
  const stops = call.stop === null ? [] : [["stop", range ? "Breakeven" : "Stop", call.stop]];
  const target = (index) => (range ? "Breakeven" : call.targets.length > 1 ? `Target ${index + 1}` : "Target");
  const marks = [
    ...stops,
    ["entry", range ? "Close" : "Entry", call.entry],
    ...call.targets.map((level, index) => [range ? "stop" : "target", target(index), level]),
  ].sort((a, b) => a[2] - b[2]);
  const levels = marks.map(([, , level]) => level).concat(last);
  const low = Math.min(...levels);
  const spread = Math.max(...levels) - low || 1;
  const edge = range ? 18 : 4;
  const at = (level) => `${edge + ((100 - 2 * edge) * (level - low)) / spread}%`;
  const wins = { neutral: [[edge, edge]], volatile: [[0, 100 - edge], [100 - edge, 0]] }[direction] || [];
  return (
    <div className="dm-ladder" role="img" aria-label={marks.map(([, name, level]) => `${name} ${two(level)}`).join(", ")}>
      <div className="dm-rail" />
      {wins.map(([left, right]) => (
        <div key={left} className="dm-rail dm-wins" style={{ left: `${left}%`, right: `${right}%` }} />
      ))}
      {marks.map(([kind, name, level], index) => (
        <div key={index} className={`dm-mark dm-mark-${kind}`} style={{ left: at(level) }}>
          <i />
          <b>{two(level)}</b>
          <small>{name}</small>
        </div>
      ))}
    </div>
  );
}

// The base rate and every term that moves the probability away from it; what moves nothing is said among the notes.
function Evidence({ parts, probability }) {
  const largest = Math.max(0.05, ...TERMS.map(([key]) => Math.abs(parts[key])));
  const moving = TERMS.filter(([key]) => key === "base" || parts[key] !== 0);
  return (
    <table className="dm-evidence">
      <caption>How the probability adds up (log-odds)</caption>
      <tbody>
        {moving.map(([key, name]) => {
          const value = parts[key];
          const width = `${(50 * Math.abs(value)) / largest}%`;
          const side = value < 0 ? { right: "50%" } : { left: "50%" };
          return (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td className="dm-track">
                <span>
                  <i className={key === "base" ? "dm-base" : value < 0 ? "dm-minus" : "dm-plus"} style={{ width, ...side }} />
                </span>
              </td>
              <td className="dm-num">{`${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`}</td>
            </tr>
          );
        })}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Together</th>
          <td />
          <td className="dm-num dm-strong">{share(probability)}</td>
        </tr>
        {moving.length === 1 ? (
          <tr className="dm-silent">
            <td colSpan={3}>No source moves it away from the base rate.</td>
          </tr>
        ) : null}
      </tfoot>
    </table>
  );
}

function Notes({ notes }) {
  return (
    <dl className="dm-notes">
      {notes.map(([name, said]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{said}</dd>
        </div>
      ))}
    </dl>
  );
}

function Reasons({ facts, record, calibration }) {
  const dm = window.deskmate;
  const written = (fact) => {
    if (typeof fact.value === "string") return plainWords(fact.value);
    if (fact.unit === "probability") return share(fact.value);
    if (fact.unit === "price") return two(fact.value);
    const shaped = Number.isInteger(fact.value) ? dm.count(fact.value) : String(Number(fact.value.toPrecision(4))).replace("-", "−");
    return fact.unit ? `${shaped} ${fact.unit}` : shaped;
  };
  return (
    <div className="dm-why">
      <h4>What it rests on</h4>
      <dl className="dm-rows">
        {facts.map((fact, index) => (
          <div key={index} title={`${fact.source}, ${dm.instant(fact.as_of)}`}>
            <dt>{fact.claim}</dt>
            <dd>{written(fact)}</dd>
          </div>
        ))}
      </dl>
      <h4>Calibration</h4>
      <p>{calibration}</p>
      {record.length ? (
        <>
          <h4>The last calls like it</h4>
          <ul>
            {record.map((past) => (
              <li key={past.call.call_id}>
                {dm.instant(past.call.session)}: {past.call.direction} from {two(past.call.entry)},{" "}
                {past.exit_reason === null ? "still open" : plainWords(past.exit_reason)}
                {past.result_r !== null ? ` (${past.result_r < 0 ? "−" : "+"}${Math.abs(past.result_r).toFixed(2)} R)` : ""}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}

export default function SignalCard() {
  const dm = window.deskmate;
  const s = props;
  const call = s.leading;
  return (
    <article className="dm-card dm-signal" data-direction={s.direction} aria-label={`Signal for ${s.symbol}`}>
      <h3 className="dm-title">
        {s.symbol}
        <span className="dm-way">{WAYS[s.direction] || s.direction}</span>
        <span className="dm-badge">{s.freshness}</span>
        <small>
          close {two(s.last_price)} · {dm.instant(s.session)} · {s.source}
        </small>
      </h3>
      <div className="dm-split">
        <div className="dm-odds">
          <strong>{share(s.probability)}</strong>
          <span>{call ? s.meaning : "of all earlier calls came true; no strategy speaks now"}</span>
          <small>
            {call ? `base rate ${share(s.base_rate)}` : `n = ${dm.count(s.base_n)}`}
          </small>
          {call && call.confidence !== null ? (
            <small>
              {plainWords(call.strategy)} calls this way: {share(call.confidence)}
              {call.confidence_interval ? ` (${share(call.confidence_interval[0])} to ${share(call.confidence_interval[1])})` : ""}
            </small>
          ) : null}
        </div>
        {call ? <Evidence parts={s.confidence_breakdown} probability={s.probability} /> : null}
      </div>
      {call ? (
        <>
          <Ladder call={call} last={s.last_price} direction={s.direction} />
          <p className="dm-source">
            {plainWords(call.strategy)} · horizon {call.horizon_sessions} sessions
            {s.reward_to_risk !== null ? ` · reward to risk ${s.reward_to_risk.toFixed(2)}` : ""}
            {s.expected_value_r !== null
              ? ` · expected ${s.expected_value_r < 0 ? "−" : "+"}${Math.abs(s.expected_value_r).toFixed(2)} R after costs`
              : ""}
          </p>
        </>
      ) : null}
      <div className="dm-action" data-action={s.action}>
        <strong>{plainWords(s.action)}</strong>
        <span>{s.action_reason}</span>
      </div>
      {s.notes.length ? <Notes notes={s.notes} /> : null}
      {s.risk_factors.length || s.flips.length ? (
        <details className="dm-more" open={s.opened}>
          <summary>Risk factors and what would change this</summary>
          <ul>
            {s.risk_factors.map((risk, index) => (
              <li key={`r${index}`}>
                {risk.claim} <small>size × {risk.size_factor.toFixed(2)}</small>
              </li>
            ))}
            {s.flips.map((flip, index) => (
              <li key={`f${index}`}>
                {flip.side} {two(flip.level)} ({flip.distance_percent < 0 ? "−" : "+"}
                {Math.abs(flip.distance_percent).toFixed(1)} %): {flip.effect}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {s.facts ? <Reasons facts={s.facts} record={s.record} calibration={s.calibration} /> : null}
    </article>
  );
}
