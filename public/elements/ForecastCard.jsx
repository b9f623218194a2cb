// A forecast: the last closes as a line, the bands of outcomes opening ahead of them, and the figures of every forecaster.
const dm = () => window.deskmate;
const text = (value) => String(value).replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => dm().instant(day));
const WRITE = {
  price: (value) => dm().price(value),
  share: (value) => dm().percent(value, 0),
  percent: (value) => `${dm().short(String(value))} %`,
  signed_percent: (value) => `${Number(value) > 0 ? "+" : ""}${dm().short(String(value))} %`,
  count: (value) => dm().short(String(value)),
  text: String,
};
const write = (value, kind) => (value === null || value === "" ? "–" : (WRITE[kind] || String)(value));
const WIDTH = 600;
const HEIGHT = 180;
const BORDER = 270;

function Fan({ recent, fan, bands, asked, title }) {
  const closes = recent.map(([, close]) => Number(close));
  const rows = fan.map((step) => step.map(Number));
  const prices = closes.concat(...rows.map((step) => step.slice(1)));
  const low = Math.min(...prices);
  const spread = Math.max(...prices) - low || 1;
  const y = (price) => (HEIGHT - 8 - ((HEIGHT - 16) * (price - low)) / spread).toFixed(1);
  const farthest = rows[rows.length - 1][0];
  const x = (sessions) => (BORDER + ((WIDTH - BORDER) * sessions) / farthest).toFixed(1);
  const back = (index) => ((BORDER * (index + 1)) / closes.length).toFixed(1);
  const median = rows.map((step) => `${x(step[0])},${y(step[step.length - 1])}`).join(" ");
  const band = (index) =>
    rows
      .map((step) => `${x(step[0])},${y(step[1 + 2 * index])}`)
      .concat([...rows].reverse().map((step) => `${x(step[0])},${y(step[2 + 2 * index])}`))
      .join(" ");
  const last = rows[rows.length - 1];
  const said = `${title}: in ${farthest} sessions ${bands[0]} % of outcomes between ${dm().price(fan[fan.length - 1][1])} and ${dm().price(fan[fan.length - 1][2])}`;
  return (
    <figure className="dm-line dm-fan">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={said}>
        {bands.map((share, index) => (
          <polygon key={share} className="dm-fan-band" points={band(index)} />
        ))}
        <line className="dm-fan-asked" x1={x(asked)} x2={x(asked)} y1="0" y2={HEIGHT} />
        <polyline points={closes.map((close, index) => `${back(index)},${y(close)}`).join(" ")} />
        <polyline className="dm-fan-median" points={median} />
      </svg>
      <figcaption>
        <span>{dm().instant(recent[0][0])}</span>
        <span>{bands.map((share) => `${share} %`).join(" · ")} of outcomes, median {dm().price(String(last[last.length - 1]))}</span>
        <span>+{farthest} sessions</span>
      </figcaption>
    </figure>
  );
}

function Rows({ table }) {
  return (
    <div className="dm-scroll" tabIndex={0} role="region" aria-label={table.title}>
      <h4>{table.title}</h4>
      <table>
        <thead>
          <tr>
            {table.columns.map(([name, kind]) => (
              <th key={name} scope="col" className={kind === "text" ? "" : "dm-num"}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((cells, index) => (
            <tr key={index}>
              {cells.map((value, column) => (
                <td key={column} className={table.columns[column][1] === "text" ? "" : "dm-num"}>
                  {write(value, table.columns[column][1])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function ForecastCard() {
  return (
    <article className="dm-card dm-sheet dm-forecast" aria-label={props.title}>
      <h3 className="dm-title">
        {props.title}
        <small>
          {props.source} · {dm().instant(props.as_of)}
        </small>
      </h3>
      <Fan recent={props.recent} fan={props.fan} bands={props.bands} asked={props.asked} title={props.title} />
      <dl className="dm-facts">
        {props.figures.map((figure) => (
          <div className="dm-fact" key={figure.name}>
            <dt>{figure.name}</dt>
            <dd>
              {write(figure.value, figure.kind)}
              {figure.note ? <small>{text(figure.note)}</small> : null}
            </dd>
          </div>
        ))}
      </dl>
      {props.tables.map((table) => (
        <Rows key={table.title} table={table} />
      ))}
      <ul className="dm-remarks">
        {props.remarks.map((remark, index) => (
          <li key={index}>{text(remark)}</li>
        ))}
      </ul>
    </article>
  );
}
