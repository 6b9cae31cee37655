// Catch2's main takes half a minute to compile: once, for all test programs.
#define CATCH_CONFIG_MAIN
#include "catch.hpp"
