#include <ggml.h>
#include <ggml-backend.h>
#include <ggml-cpu.h>
#include <llama.h>
