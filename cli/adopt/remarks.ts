import { addToContainer, addToPod } from "../pod-settings";

/** What is to be said about the adoption of one model. */
export class Remarks {
  /** What is not carried over, with what to do; the model is adopted all the same. */
  readonly notes: string[] = [];
  /** Why the model cannot be adopted, with what to do. */
  readonly problems: string[] = [];

  note(text: string): void {
    this.notes.push(text);
  }

  problem(text: string): void {
    this.problems.push(text);
  }
}

/** The settings of a model while they are collected, and the remarks on it. */
export class Draft extends Remarks {
  readonly settings: Record<string, unknown> = {};

  constructor(readonly id: string) {
    super();
  }

  /** Lays a field over the model's pod, by `podSpec`. */
  addToPod(field: string, value: unknown): void {
    addToPod(this.settings, field, value);
  }

  /** Lays a field over the server's container, by `podSpec`. */
  addToContainer(field: string, value: unknown): void {
    addToContainer(this.settings, field, value);
  }
}
