// Runs one step of the workload as often as it is told, for a tool that counts instructions: repeat STEP COUNT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workload.h"

int main(int argc, char **argv) {
    for (int index = 0; argc == 3 && index < WORKLOAD_STEPS; index++) {
        const workload_step *step = &workload_steps[index];
        if (strcmp(step->name, argv[1]) != 0) continue;
        workload *load = workload_create(step->controls);
        for (long count = strtol(argv[2], NULL, 10); count > 0; count--) step->run(load);
        workload_destroy(load);
        return 0;
    }
    fprintf(stderr, "usage: repeat STEP COUNT\n");
    return 2;
}
