// The questions as their file has them, and what a telling of every branch of them is asked: worked out
// here, apart from the app.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './places.ts';

export interface Question {
  id: string;
  section: string;
  kind: 'one' | 'many' | 'words' | 'line' | 'account' | 'when';
  /** Whether there is room for own words beside the choices. */
  words: boolean;
  choices: string[];
  onlyIf?: { question: string; choices: string[] };
}

export interface Answer {
  choice?: string;
  choices?: string[];
  text?: string;
  day?: string;
  time?: string;
}

/** Answers by the question's id, in the order in which they are asked. */
export type Answers = Map<string, Answer>;

/** Every question that is asked of everybody or of some. */
export function standardForm(): Question[] {
  const lines = readFileSync(join(ROOT, 'app/domain/src/form/standard.form'), 'utf8').split('\n');
  let section = '';
  return lines.flatMap((line) => {
    const [first, id, kind, ...rest] = line.trim().split(/\s+/);
    if (first === 'section') section = id;
    if (!['!', '?'].includes(first)) return [];
    const at = rest.indexOf('if');
    const [choices, condition] = at < 0 ? [rest, []] : [rest.slice(0, at), rest.slice(at + 1)];
    const [question, ...chosen] = condition;
    return {
      id, section, choices,
      kind: kind.replace('+', '') as Question['kind'],
      words: kind.endsWith('+'),
      onlyIf: question ? { question, choices: chosen } : undefined,
    };
  });
}

/** Every way by which a question comes to be asked: by itself, or by one answer to another. */
export function branches(question: Question): string[] {
  const { id, onlyIf } = question;
  return onlyIf ? onlyIf.choices.map((choice) => `${id} after ${onlyIf.question} ${choice}`) : [id];
}

/** One telling: what is answered, section by section. */
export type Telling = { section: string; answers: Answers }[];

/** Tellings that take every branch: the first tells all it is asked, the others what none before was asked. */
export function tellings(form: Question[]): { told: Telling[]; taken: Set<string> } {
  const taken = new Set<string>();
  const many = Math.max(...form.map((question) => opening(form, question).length));
  const told = Array.from({ length: many }, (_, number) => tellsNew(form, number, taken));
  return { told, taken };
}

function tellsNew(form: Question[], number: number, taken: Set<string>): Telling {
  const said: Answers = new Map();
  const telling: Telling = [];
  for (const section of new Set(form.map((question) => question.section))) {
    const answers: Answers = new Map();
    const found: string[] = [];
    for (const question of form.filter((question) => question.section === section)) {
      const { onlyIf } = question;
      const before = onlyIf && (answers.get(onlyIf.question) ?? said.get(onlyIf.question));
      const opened = onlyIf?.choices.filter((choice) => chosen(before).includes(choice));
      if (opened?.length === 0) continue;
      answers.set(question.id, answer(form, question, number));
      found.push(...branches({ ...question, onlyIf: onlyIf && { ...onlyIf, choices: opened ?? [] } }));
    }
    // The first section is asked of everybody.
    if (telling.length > 0 && found.every((branch) => taken.has(branch))) continue;
    found.forEach((branch) => taken.add(branch));
    answers.forEach((answer, id) => said.set(id, answer));
    telling.push({ section, answers });
  }
  return telling;
}

const chosen = (answer?: Answer) => [answer?.choice ?? [], answer?.choices ?? []].flat();

/** Choices after which something more is asked. */
function opening(form: Question[], { id, choices }: Question): string[] {
  return choices.filter((choice) => form.some(({ onlyIf }) => onlyIf?.question === id && onlyIf.choices.includes(choice)));
}

/** What a telling says: another choice in each, and words that name the question. */
function answer(form: Question[], question: Question, number: number): Answer {
  const { id, kind, choices, words } = question;
  const text = `${id} ${number}`;
  const opens = opening(form, question);
  const others = choices.filter((choice) => !opens.includes(choice));
  const open = opens.slice(number, number + 1);
  const [first, second] = [...open, ...turned(others, number), ...opens];
  switch (kind) {
    case 'one': return words ? { choice: first, text } : { choice: first };
    case 'many': {
      // In the order in which they stand; what opens something is enough.
      const ticked = open.length > 0 ? open : choices.filter((choice) => [first, second].includes(choice));
      return words ? { choices: ticked, text } : { choices: ticked };
    }
    // A day that reads the same where the month comes first, and a time in the morning.
    case 'when': return { day: '2025-03-03', time: '02:05', text };
    default: return { text };
  }
}

/** The same list, begun somewhere else. */
function turned(list: string[], by: number): string[] {
  const at = by % Math.max(list.length, 1);
  return [...list.slice(at), ...list.slice(0, at)];
}
