// A line beside the answer: information, a warning, or what could not be done and what to do next.
import { AlertTriangle, CircleX, Info } from "lucide-react";

const ICONS = { info: Info, warning: AlertTriangle, error: CircleX };

export default function NoticeBar() {
  const Icon = ICONS[props.level] || Info;
  return (
    <div className="dm-notice" data-level={props.level} role={props.level === "info" ? "status" : "alert"}>
      <Icon size={18} aria-hidden="true" />
      <p>
        {props.text}
        {props.fix ? <span className="dm-fix"> {props.fix}</span> : null}
      </p>
    </div>
  );
}
