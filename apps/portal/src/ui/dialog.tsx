import { Modal, type ModalProps } from '@mantine/core';

/** A dialog whose heading is a heading; the name of its closing button is always told. */
export function Dialog(props: Pick<ModalProps, 'opened' | 'onClose' | 'title' | 'children' | 'size'>) {
  return (
    <Modal
      centered
      {...props}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{
        title: { fontWeight: 650, fontSize: 'var(--mantine-font-size-lg)', overflowWrap: 'anywhere' },
      }}
    />
  );
}
