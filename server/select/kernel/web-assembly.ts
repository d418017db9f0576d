/** Memory that the kernel works in: every thread that has it may call into it, each at a place of its own. */
export interface KernelMemory {
  readonly buffer: SharedArrayBuffer;
}

/** Memory of one thread alone. */
export interface OwnMemory {
  readonly buffer: ArrayBuffer;
}

/** As much of the platform as is used; Node's types leave it to those of the browser. */
declare const WebAssembly: {
  readonly Memory: {
    new (limits: {
      readonly initial: number;
      readonly maximum: number;
      readonly shared: true;
    }): KernelMemory;
    new (limits: { readonly initial: number }): OwnMemory;
  };
  readonly Module: new (bytes: Uint8Array) => KernelModule;
  readonly Instance: new (
    module: KernelModule,
    imports: { readonly env: { readonly memory: KernelMemory | OwnMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** Code that was compiled and has no memory yet. */
export interface KernelModule {
  readonly [Symbol.toStringTag]: string;
}

/** Memory of the given size, in pages of 64 KiB. */
export function createMemory(pages: number): KernelMemory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** The same for one thread alone, which takes no more of the machine's than is touched. */
export function createOwnMemory(pages: number): OwnMemory {
  return new WebAssembly.Memory({ initial: pages });
}

export function compileModule(bytes: Uint8Array): KernelModule {
  return new WebAssembly.Module(bytes);
}

/** What a module exports, once it works in some memory. */
export function instantiate(
  module: KernelModule,
  memory: KernelMemory | OwnMemory,
): Readonly<Record<string, unknown>> {
  return new WebAssembly.Instance(module, { env: { memory } }).exports;
}
