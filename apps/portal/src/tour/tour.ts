import { useSessionStorage } from '@mantine/hooks';

/** Whether this tab is on the tour; it lasts over reloads. */
export function useTour() {
  const [isOn, setOn] = useSessionStorage({
    key: 'portal-tour',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  return { isOn, begin: () => setOn(true), end: () => setOn(false) };
}
