// A sheet of figures and tables. Every value comes with its kind; this file alone decides how a kind is written.
const dates = (text) => String(text).replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => window.deskmate.instant(day));
const NUMBER = /^-?\d+(\.\d+)?$/;

function writer(currency) {
  const dm = window.deskmate;
  const auto = (value) => {
    if (typeof value === "boolean") return value ? "yes" : "no";
    if (typeof value === "number") return Number.isInteger(value) ? dm.count(value) : String(Number(value.toPrecision(5)));
    const text = String(value);
    if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return dm.instant(text);
    return NUMBER.test(text) ? dm.count(text) : text;
  };
  const percent = (value, signed) => {
    const shaped = typeof value === "number" ? dm.short(value.toFixed(4)) : dm.short(value);
    return `${signed && Number(value) > 0 ? "+" : ""}${shaped} %`;
  };
  const by = {
    money: (value) => dm.money(value, currency),
    signed: (value) => dm.money(value, currency, true),
    price: dm.price,
    percent: (value) => percent(value, false),
    signed_percent: (value) => percent(value, true),
    share: (value) => dm.percent(value, 0),
    count: (value) => (typeof value === "number" ? auto(value) : dm.short(value)),
    instant: dm.instant,
    text: String,
    auto,
  };
  return (value, kind) => (value === null || value === "" ? "–" : (by[kind] || auto)(value));
}

const isNumber = (kind, value) => !["text", "instant", "auto"].includes(kind) || (kind === "auto" && (typeof value === "number" || NUMBER.test(String(value))));
const tone = (kind, value) => (kind.startsWith("signed") ? `dm-${window.deskmate.trend(value)}` : "");

function Headed({ table, write }) {
  const numeric = table.columns.map(([, kind], column) => isNumber(kind, table.rows.length ? table.rows[0][column] : ""));
  return (
    <div className="dm-scroll" tabIndex={0} role="region" aria-label={table.title || "Table"}>
      {table.title ? <h4>{table.title}</h4> : null}
      {table.rows.length ? (
        <table>
          <thead>
            <tr>
              {table.columns.map(([name], column) => (
                <th key={column} scope="col" className={numeric[column] ? "dm-num" : ""}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((cells, index) => (
              <tr key={index}>
                {cells.map((value, column) => {
                  const kind = table.columns[column][1];
                  return (
                    <td key={column} className={`${numeric[column] ? "dm-num" : ""} ${String(value ?? "").length > 32 ? "dm-long" : ""} ${tone(kind, value)}`}>
                      {write(value, kind)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="dm-none">{table.empty || "Nothing."}</p>
      )}
    </div>
  );
}

function Changes({ changes, write }) {
  if (!changes.length) return null;
  return (
    <div className="dm-scroll dm-changes" tabIndex={0} role="region" aria-label="Before and after">
      <table>
        <thead>
          <tr>
            <th scope="col"></th>
            <th scope="col" className="dm-num">Now</th>
            <th scope="col" className="dm-num">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.name}>
              <td>
                {change.name} {change.note ? <small>{change.note}</small> : null}
              </td>
              <td className="dm-num">{write(change.before, change.kind)}</td>
              <td className="dm-num dm-strong">{write(change.after, change.kind)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ points, write }) {
  if (points.length < 2) return null;
  const values = points.map(([, price]) => Number(price));
  const low = Math.min(...values);
  const high = Math.max(...values);
  const spread = high - low || 1;
  const at = values.map((value, index) => [(600 * index) / (values.length - 1), 90 - (80 * (value - low)) / spread]);
  const path = at.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const said = `Close from ${window.deskmate.instant(points[0][0])} to ${window.deskmate.instant(points[points.length - 1][0])}, between ${low} and ${high}`;
  return (
    <figure className="dm-line">
      <svg viewBox="0 0 600 100" preserveAspectRatio="none" role="img" aria-label={said}>
        <polygon points={`0,100 ${path} 600,100`} />
        <polyline points={path} />
      </svg>
      <figcaption>
        <span>{window.deskmate.instant(points[0][0])}</span>
        <span>low {write(String(low), "price")} · high {write(String(high), "price")}</span>
        <span>{window.deskmate.instant(points[points.length - 1][0])}</span>
      </figcaption>
    </figure>
  );
}

export default function FiguresCard() {
  const write = writer(props.currency);
  return (
    <article className="dm-card dm-sheet" aria-label={props.title}>
      <h3 className="dm-title">
        {props.title}
        <small>
          {dates(props.source)}
          {props.source && props.as_of ? " · " : ""}
          {props.as_of ? window.deskmate.instant(props.as_of) : ""}
        </small>
      </h3>
      {props.figures.length ? (
        <dl className="dm-facts">
          {props.figures.map((figure) => (
            <div className="dm-fact" key={figure.name}>
              <dt>{figure.name}</dt>
              <dd className={tone(figure.kind, figure.value)}>
                {write(figure.value, figure.kind)}
                {figure.note ? <small>{dates(figure.note)}</small> : null}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      <Line points={props.line} write={write} />
      <Changes changes={props.changes} write={write} />
      {props.tables.map((table, index) => (
        <Headed key={index} table={table} write={write} />
      ))}
      {props.remarks.length ? (
        <ul className="dm-remarks">
          {props.remarks.map((remark, index) => (
            <li key={index}>{dates(remark)}</li>
          ))}
        </ul>
      ) : null}
    </article>
  );
}
