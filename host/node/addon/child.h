// What Node did to the process, undone in the child.
#ifndef WASM_INIT_CHILD_H
#define WASM_INIT_CHILD_H

// Descriptors above 2 that the command inherits.
extern const int *child_descriptors;
extern int child_descriptor_count;

// Called by spawn() in the child, before all else.
void child_prepare(void);

#endif
