// What the types of AssemblyScript's portable library lack, for the files that tests and tools import.
type StaticArray<T> = Record<number, T>;
