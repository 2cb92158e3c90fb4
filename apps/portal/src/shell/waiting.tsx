import { Center, Loader } from '@mantine/core';

/** While nothing can be shown yet. */
export function Waiting() {
  return (
    <Center mih="60vh">
      <Loader aria-label="Loading" role="status" />
    </Center>
  );
}
