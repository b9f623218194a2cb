// What a person can ask for: every example is a button that says it.
export default function HelpCard() {
  return (
    <article className="dm-card dm-help" aria-label="What you can ask">
      {props.examples.map(([subject, sayings]) => (
        <section key={subject}>
          <h4>{subject}</h4>
          <div>
            {sayings.map((saying) => (
              <button type="button" key={saying} onClick={() => sendUserMessage(saying)}>
                {saying}
              </button>
            ))}
          </div>
        </section>
      ))}
    </article>
  );
}
