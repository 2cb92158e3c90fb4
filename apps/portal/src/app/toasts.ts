import { notifications } from '@mantine/notifications';
import { asProblem } from '../api/errors.ts';

const shownMs = 5000;
const problemShownMs = 15_000;

/** Says that something was done; screen readers are told too. */
export function toastDone(message: string): void {
  notifications.show({ message, color: 'green', autoClose: shownMs, role: 'status' });
}

/** Says what went wrong, and under which id the server's log has it. */
export function toastProblem(error: unknown): void {
  const { message, correlationId } = asProblem(error);
  notifications.show({
    title: message,
    message: correlationId ? `Reference: ${correlationId}` : '',
    color: 'red',
    autoClose: problemShownMs,
    role: 'alert',
  });
}
