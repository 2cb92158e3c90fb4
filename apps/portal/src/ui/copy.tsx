import { ActionIcon, Button, Code, Group, TextInput, Tooltip, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { ApiProblem } from '../api/errors.ts';
import { toastProblem } from '../app/toasts.ts';

function useCopy(value: string) {
  // Without TLS browsers keep the clipboard closed, away from localhost.
  const { copy, copied, error } = useClipboard({ timeout: 2500 });
  return {
    copied: copied && !error,
    copy: () => {
      if (navigator.clipboard) copy(value);
      else toastProblem(new ApiProblem('Copying needs HTTPS. Select the text and copy it.', { status: 0 }));
    },
  };
}

/** A value that is read and copied, never changed. */
export function CopyField(props: { label: string; value: string; description?: string }) {
  const { copied, copy } = useCopy(props.value);
  return (
    <TextInput
      label={props.label}
      description={props.description}
      value={props.value}
      readOnly
      onFocus={(event) => event.currentTarget.select()}
      styles={{
        input: {
          fontFamily: 'var(--mantine-font-family-monospace)',
          fontSize: 'var(--mantine-font-size-xs)',
        },
      }}
      rightSectionWidth={96}
      rightSection={
        <Button
          size="compact-sm"
          variant="light"
          onClick={copy}
          leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
          aria-label={copied ? `${props.label}: copied` : `Copy ${props.label}`}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      }
    />
  );
}

/** A short value in running text, such as an id, with a button that copies it. */
export function CopyText(props: { label: string; value: string }) {
  const { copied, copy } = useCopy(props.value);
  const words = copied ? `${props.label} copied` : `Copy ${props.label}`;
  return (
    <Group gap={4} wrap="nowrap" component="span" display="inline-flex">
      <Code style={{ overflowWrap: 'anywhere' }}>{props.value}</Code>
      <Tooltip label={words}>
        <ActionIcon variant="subtle" size="sm" color="gray" onClick={copy} aria-label={words}>
          {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        </ActionIcon>
      </Tooltip>
      <VisuallyHidden role="status">{copied ? words : ''}</VisuallyHidden>
    </Group>
  );
}
