import { create } from 'zustand';

export type PlaceName = 'library' | 'run' | 'readiness' | 'record';

/** Where the operator is. `item` is a runbook's path, or a run's id. */
export interface Place {
  name: PlaceName;
  item: string | null;
}

interface Navigation {
  place: Place;
  /** What each place showed last, so that coming back finds it again. */
  last: Partial<Record<PlaceName, string | null>>;
  back: Place[];
}

export const useNavigation = create<Navigation>()(() => ({
  place: { name: 'library', item: null },
  last: {},
  back: [],
}));

const kept = 50;

export function go(name: PlaceName, item: string | null = null): void {
  const { place, back, last } = useNavigation.getState();
  if (place.name === name && place.item === item) return;
  useNavigation.setState({
    place: { name, item },
    back: [...back.slice(-kept), place],
    last: { ...last, [name]: item },
  });
}

/** Names what the place shows already. There is nothing new to go back from. */
export function settle(item: string): void {
  const { place, last } = useNavigation.getState();
  useNavigation.setState({ place: { ...place, item }, last: { ...last, [place.name]: item } });
}

/** To a place as it was left; once more, to its beginning. */
export function visit(name: PlaceName): void {
  const { place, last } = useNavigation.getState();
  go(name, place.name === name ? null : (last[name] ?? null));
}

export function goBack(): void {
  const { back } = useNavigation.getState();
  const place = back.at(-1);
  if (place === undefined) return;
  useNavigation.setState({ place, back: back.slice(0, -1) });
}
