import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { leastPasswordLength } from './password-rules.ts';

/** A field for a password that is being chosen. */
export function NewPassword(props: PasswordInputProps) {
  return (
    <PasswordInput
      label="New password"
      description={`At least ${leastPasswordLength} characters. Some words in a row are easy to remember and hard to guess.`}
      autoComplete="new-password"
      maxLength={1024}
      visibilityToggleButtonProps={{ 'aria-label': 'Show new password' }}
      {...props}
    />
  );
}
