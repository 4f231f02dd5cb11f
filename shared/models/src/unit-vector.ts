import { AppError } from "@flow-rag/kernel";

/**
 * The vector divided by its L2 norm, as plain numbers.
 * @throws AppError `unexpected` when it has another length, is zero, or holds what is no number.
 */
export function unitVector(vector: ArrayLike<number>, dimensions: number, origin: string): number[] {
  let squares = 0;
  for (let axis = 0; axis < vector.length; axis += 1) squares += vector[axis]! ** 2;
  const norm = Math.sqrt(squares);
  if (vector.length !== dimensions || !(norm > 0) || !Number.isFinite(norm))
    throw new AppError("unexpected", `${origin} returned no vector of ${dimensions} numbers`);
  const unit: number[] = []; // pushed one by one V8 keeps plain doubles
  for (let axis = 0; axis < dimensions; axis += 1) unit.push(vector[axis]! / norm);
  return unit;
}
