import type { ComponentChildren } from "preact";
import "./button.css";
import { Icon, type IconName } from "./Icon.tsx";

type Kind = "plain" | "primary" | "quiet" | "danger";

interface Look {
  readonly kind?: Kind;
  readonly icon?: IconName;
  readonly wide?: boolean;
}

function classes({ kind = "plain", wide = false }: Look, bare: boolean): string {
  return ["button", `button-${kind}`, wide && "button-wide", bare && "button-icon"].filter(Boolean).join(" ");
}

interface ButtonProps extends Look {
  readonly children: ComponentChildren;
  /** What it does is under way: it cannot be pressed again, and keeps the focus. */
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly submits?: boolean;
  readonly onPress?: () => void;
  readonly pressed?: boolean;
}

export function Button({
  children,
  busy = false,
  disabled = false,
  submits = false,
  onPress,
  ...rest
}: ButtonProps) {
  const idle = busy || disabled;
  return (
    <button
      type={submits ? "submit" : "button"}
      class={classes(rest, false)}
      aria-disabled={idle}
      aria-busy={busy}
      aria-pressed={rest.pressed}
      onClick={(click) => {
        if (idle) click.preventDefault();
        else onPress?.();
      }}
    >
      {busy ? <span class="spinner" /> : rest.icon && <Icon name={rest.icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, in words: it has no other text. */
  readonly label: string;
  readonly kind?: Kind;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly onPress: () => void;
}

export function IconButton({
  icon,
  label,
  kind = "quiet",
  disabled = false,
  pressed,
  onPress,
}: IconButtonProps) {
  return (
    <button
      type="button"
      class={classes({ kind }, true)}
      aria-label={label}
      title={label}
      aria-disabled={disabled}
      aria-pressed={pressed}
      onClick={() => {
        if (!disabled) onPress();
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

interface ButtonLinkProps extends Look {
  readonly href: string;
  readonly children: ComponentChildren;
}

/** What leads to another place and looks like a button. */
export function ButtonLink({ href, children, ...look }: ButtonLinkProps) {
  return (
    <a href={href} class={classes(look, false)}>
      {look.icon && <Icon name={look.icon} />}
      {children}
    </a>
  );
}
