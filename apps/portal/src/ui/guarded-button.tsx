import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import { type ComponentPropsWithoutRef, useId } from 'react';
import { type Permission, useRefusal } from '../api/permissions.ts';

type GuardedButtonProps = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & { permission: Permission };

/** A button that explains itself, instead of working, to those whose role may not use it. */
export function GuardedButton({ permission, onClick, type, ...button }: GuardedButtonProps) {
  const refusal = useRefusal(permission);
  const reasonId = useId();
  if (refusal === undefined) return <Button {...button} type={type ?? 'button'} onClick={onClick} />;
  return (
    <>
      <Tooltip label={refusal} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
        {/* Not `disabled`: that would hide the reason from the keyboard. */}
        <Button {...button} type="button" data-disabled aria-disabled aria-describedby={reasonId} />
      </Tooltip>
      <span id={reasonId} hidden>
        {refusal}
      </span>
    </>
  );
}
