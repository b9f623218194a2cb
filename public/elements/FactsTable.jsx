// Any value without a picture of its own: its facts and tables, as text.
const shape = (value) => {
  const dm = window.deskmate;
  if (typeof value === "number") return Number.isInteger(value) ? dm.count(value) : String(Number(value.toPrecision(6)));
  const text = String(value);
  if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return dm.instant(text);
  return /^-?\d+(\.\d+)?$/.test(text) ? dm.count(text) : text;
};
const numeric = (value) => typeof value === "number" || /^-?\d+(\.\d+)?$/.test(String(value));

export default function FactsTable() {
  return (
    <article className="dm-card dm-plaincard" aria-label={props.title}>
      <h3 className="dm-title">{props.title}</h3>
      {props.rows.length ? (
        <dl className="dm-rows">
          {props.rows.map(([name, value], index) => (
            <div key={index}>
              <dt>{name}</dt>
              <dd>{shape(value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {props.tables.map((table) => (
        <div className="dm-scroll" key={table.title}>
          <table>
            <caption>{table.title}</caption>
            <thead>
              <tr>
                {table.columns.map((name) => (
                  <th key={name} scope="col">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((value, column) => (
                    <td key={column} className={numeric(value) ? "dm-num" : ""}>{shape(value)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </article>
  );
}
