/* SPDX-License-Identifier: Apache-2.0 */
#include "transfer_test.h"
int main(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 0;
}
