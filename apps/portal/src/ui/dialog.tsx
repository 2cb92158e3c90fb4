import { Modal, type ModalProps } from '@mantine/core';

type DialogProps = Pick<ModalProps, 'opened' | 'onClose' | 'title' | 'children' | 'size'> & {
  /** A click beside it, or Escape, does not close it. */
  isSticky?: boolean;
};

/** A dialog in the middle of the page. */
export function Dialog({ isSticky = false, ...props }: DialogProps) {
  return (
    <Modal
      centered
      {...props}
      closeOnClickOutside={!isSticky}
      closeOnEscape={!isSticky}
      withCloseButton={!isSticky}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{
        title: { fontWeight: 650, fontSize: 'var(--mantine-font-size-lg)', overflowWrap: 'anywhere' },
      }}
    />
  );
}
