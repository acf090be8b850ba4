import type { ComponentChildren, JSX } from 'preact';

/** A slider with its name and its value. */
export function Slider(props: {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onValue: (value: number) => void;
}): JSX.Element {
  const { name, value, text, min, max, step, onValue } = props;
  return (
    <label class="slider">
      <span>{name}</span>
      <output>{text}</output>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={(event) => {
          onValue(event.currentTarget.valueAsNumber);
        }}
      />
    </label>
  );
}

/** One choice of a {@link Choice}. */
export interface Option<T extends string> {
  readonly value: T;
  readonly name: ComponentChildren;
  readonly title?: string;
}

/** One of few: radio buttons that look like one control. */
export function Choice<T extends string>(props: {
  readonly legend: string;
  readonly name: string;
  readonly value: T | null;
  readonly options: readonly Option<T>[];
  readonly className?: string;
  readonly onValue: (value: T) => void;
}): JSX.Element {
  const { legend, name, value, options, className = 'choice', onValue } = props;
  return (
    <fieldset class={className}>
      <legend>{legend}</legend>
      <div class="choice-options">
        {options.map((option) => (
          <label key={option.value} title={option.title}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => {
                onValue(option.value);
              }}
            />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A button; `primary` for the one to press next. */
export function Button(props: {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  readonly kind?: 'plain' | 'primary' | 'quiet';
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly label?: string;
  readonly id?: string;
}): JSX.Element {
  const { children, onPress, kind = 'plain', pressed, disabled, label, id } = props;
  return (
    <button
      type="button"
      class={`button ${kind}`}
      id={id}
      aria-pressed={pressed}
      aria-label={label}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

/** A titled part of the page. */
export function Panel(props: {
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly aside?: ComponentChildren;
}): JSX.Element {
  const { id, title, children, aside } = props;
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Name and value, value after value. */
export function Facts(props: {
  readonly facts: readonly {
    readonly name: ComponentChildren;
    readonly value: ComponentChildren;
    readonly id?: string;
  }[];
}): JSX.Element {
  return (
    <dl class="facts">
      {props.facts.map(({ name, value, id }, k) => (
        <div key={k}>
          <dt>{name}</dt>
          <dd id={id}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
