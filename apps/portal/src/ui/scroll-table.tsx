import { Table, type TableProps } from '@mantine/core';

/** A table that scrolls sideways within itself where the screen is narrow; the keyboard reaches it. */
export function ScrollTable(props: { label: string; minWidth: number } & TableProps) {
  const { label, minWidth, ...table } = props;
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': label } }}
    >
      <Table verticalSpacing="sm" highlightOnHover {...table} />
    </Table.ScrollContainer>
  );
}
