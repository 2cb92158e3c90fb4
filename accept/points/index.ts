import type { Report } from '../kit/report.ts';
import type { World } from '../world.ts';
import { badInputPoints } from './bad-input.ts';
import { connectorPoint } from './connector.ts';
import { bringUp, databasePoint } from './database.ts';
import { datasetWalk } from './dataset.ts';
import { enginePoint } from './engine.ts';
import { databaseAwayPoint, environmentPoint } from './failures.ts';
import { lenderPoint } from './lender.ts';
import { linkPoint } from './link.ts';
import { platformPoint } from './platform.ts';
import { publicApiPoint } from './public-api.ts';
import { readingPoint } from './reading.ts';
import { documentsPoint, monorepoPoint, testsPoint } from './repository.ts';
import { startPoints } from './start.ts';

type Points = (world: World, report: Report) => Promise<void>;

async function inOrder(world: World, report: Report, ...points: readonly Points[]): Promise<void> {
  for (const run of points) await run(world, report);
}

/** The walk through the whole product: the lender's way first, what takes something away last. */
export async function points(world: World, report: Report): Promise<void> {
  await world.startSandbox();
  await inOrder(
    world,
    report,
    databasePoint,
    lenderPoint,
    readingPoint,
    publicApiPoint,
    linkPoint,
    connectorPoint,
  );
  await badInputPoints(world, report);
  // The engine is given time to notice that a worker is lost; what it does not share anything with goes on meanwhile.
  await Promise.all([
    enginePoint(world, report),
    inOrder(world, report, environmentPoint, platformPoint, documentsPoint, testsPoint, monorepoPoint),
  ]);
  await inOrder(world, report, startPoints, databaseAwayPoint);
}

/** The walk over a file of sales lines. */
export async function datasetPoints(world: World, report: Report, file: string): Promise<void> {
  await world.startSandbox();
  await bringUp(world);
  await datasetWalk(world, report, file);
}
