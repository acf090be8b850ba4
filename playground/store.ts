import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { typedNetwork } from '../src/network/network-json.js';
import type { ParallelNetwork } from '../src/network/network.js';
import { madePoints, taskOf } from './data/made-sets.js';
import type { EnginePort, RacePort } from './engine.js';
import type { PathPoint, PlaygroundProblem } from './protocol.js';
import { RaceTries, type RaceTry } from './race-tries.js';
import type { DataPoint, DataState, ModelState, PlaygroundState, RaceState, Task } from './state.js';
import { TrainingRun, type Run } from './training-run.js';
import type { UnitPlace } from './view/unit.js';

/** What is pointed at, in whatever picture: a sub-network, and maybe one unit of it. */
export interface Highlight {
  readonly subNetwork: number;
  readonly unit: Omit<UnitPlace, 'subNetwork'> | null;
}

/** Adds a point of a class (or of a number: `plus`), or removes one. */
export type Pen = 'plus' | 'minus' | 'erase';

/** Everything the page shows, and the ways to change it. */
export interface Store {
  readonly state: ReadonlySignal<PlaygroundState>;
  readonly task: ReadonlySignal<Task>;
  readonly points: ReadonlySignal<readonly DataPoint[]>;
  readonly problem: ReadonlySignal<PlaygroundProblem>;
  readonly run: ReadonlySignal<Run>;
  /** The solved value nearest to the slider; null until there is one. */
  readonly shown: ReadonlySignal<PathPoint | null>;
  readonly network: ReadonlySignal<ParallelNetwork | null>;
  readonly tries: ReadonlySignal<readonly RaceTry[]>;
  readonly highlight: Signal<Highlight | null>;
  readonly showHyperplanes: Signal<boolean>;
  readonly showCells: Signal<boolean>;
  /** Points are being drawn and dragged. */
  readonly isDrawing: Signal<boolean>;
  /** What a click on the plane does while drawing. */
  readonly pen: Signal<Pen>;
  setData(data: DataState): void;
  /** The points as own ones from here on. */
  setPoints(points: readonly DataPoint[]): void;
  setModel(model: ModelState): void;
  setBetaIndex(index: number): void;
  setRace(race: RaceState): void;
  train(): void;
  cancel(): void;
  startRace(): void;
  stopRace(): void;
}

const StoreContext = createContext<Store | null>(null);
export const StoreProvider = StoreContext.Provider;

/** The store of the page. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new TypeError('useStore: expected a StoreProvider above');
  return store;
}

/** The points that a data state stands for. */
export function pointsOf(data: DataState): readonly DataPoint[] {
  return data.kind === 'made' ? madePoints(data) : data.points;
}

/** What a data state is about. */
export function taskOfData(data: DataState): Task {
  return data.kind === 'made' ? taskOf(data.set) : data.task;
}

/** A store at that state, on an engine and a race. */
export function createStore(initial: PlaygroundState, engine: EnginePort, racePort: RacePort): Store {
  const data = signal(initial.data);
  const model = signal(initial.model);
  const betaIndex = signal(initial.betaIndex);
  const race = signal(initial.race);
  const task = computed(() => taskOfData(data.value));
  const points = computed(() => pointsOf(data.value));
  const problem = computed<PlaygroundProblem>(() => ({
    task: task.value,
    points: points.value,
    model: model.value,
  }));
  const training = new TrainingRun(engine);
  const races = new RaceTries(racePort);
  const { run } = training;
  const highlight = signal<Highlight | null>(null);
  const shown = computed(() => {
    const { points: solved } = run.value;
    return solved[Math.min(betaIndex.value, solved.length - 1)] ?? null;
  });
  const network = computed(() => {
    const point = shown.value;
    return point ? typedNetwork(point.network.network) : null;
  });
  effect(() => {
    training.propose(problem.value);
    races.clear();
  });
  effect(() => {
    // Sub-networks have other numbers at another β: what was pointed at is not there any more.
    if (shown.value === null) return;
    highlight.value = null;
    races.clear();
  });
  return {
    state: computed(() => ({
      data: data.value,
      model: model.value,
      betaIndex: betaIndex.value,
      race: race.value,
    })),
    task,
    points,
    problem,
    run,
    shown,
    network,
    tries: races.tries,
    highlight,
    showHyperplanes: signal(true),
    showCells: signal(false),
    isDrawing: signal(false),
    pen: signal<Pen>('plus'),
    setData: (next) => {
      batch(() => {
        data.value = next;
        model.value = modelFor(taskOfData(next), model.value);
      });
    },
    setPoints: (next) => {
      data.value = { kind: 'own', task: task.value, points: next };
    },
    setModel: (next) => {
      model.value = next;
    },
    setBetaIndex: (index) => {
      betaIndex.value = index;
    },
    setRace: (next) => {
      race.value = next;
    },
    train: () => {
      training.train();
    },
    cancel: () => {
      training.cancel();
    },
    startRace: () => {
      const point = shown.value;
      if (point) races.start(problem.value, point.beta, race.value);
    },
    stopRace: () => {
      races.stop();
    },
  };
}

/** The losses of a task, the usual one first. */
export function lossesOf(task: Task): readonly ModelState['loss'][] {
  return task === 'classes' ? ['logistic', 'squared-hinge', 'squared'] : ['squared', 'huber', 'absolute'];
}

/** A model with a loss that the task has. */
function modelFor(task: Task, model: ModelState): ModelState {
  const losses = lossesOf(task);
  const [usual] = losses;
  return losses.includes(model.loss) || !usual ? model : { ...model, loss: usual };
}
