#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ParleySystem.h"

// The part of ONNX Runtime's C API that Parley uses, declared from its public binary interface: `OrtApi` is a table of
// function pointers whose order never changes; new functions are appended. Slot numbers are asserted below.
// The library itself is opened at run time, so that Parley can start, and say so, when it is missing.

/// Whether this processor adds products of unsigned and signed bytes without saturating: on x86 those with VNNI, elsewhere
/// all. Asked of the processor itself, so that an emulated one answers for itself too.
bool parley_sums_bytes_exactly(void);

/// The version of the table asked for. Every slot used here exists since then; later libraries still serve it.
#define PARLEY_ORT_API_VERSION 13

// Values of the enumerations that are used, all ABI-stable.
enum {
    PARLEY_ORT_LOG_WARNING = 2,
    PARLEY_ORT_LOG_ERROR = 3,
    PARLEY_ORT_OPTIMISE_NOTHING = 0,
    PARLEY_ORT_OPTIMISE_ALL = 99,
    PARLEY_ORT_ARENA_ALLOCATOR = 1,
    PARLEY_ORT_MEMORY_DEFAULT = 0,
};

typedef struct OrtAllocator OrtAllocator;
typedef struct OrtArenaCfg OrtArenaCfg;
typedef struct OrtEnv OrtEnv;
typedef struct OrtMemoryInfo OrtMemoryInfo;
typedef struct OrtModelMetadata OrtModelMetadata;
typedef struct OrtRunOptions OrtRunOptions;
typedef struct OrtSession OrtSession;
typedef struct OrtSessionOptions OrtSessionOptions;
typedef struct OrtStatus OrtStatus;
typedef struct OrtTensorTypeAndShapeInfo OrtTensorTypeAndShapeInfo;
typedef struct OrtThreadingOptions OrtThreadingOptions;
typedef struct OrtTypeInfo OrtTypeInfo;
typedef struct OrtValue OrtValue;

/// Called by the library for each line of its log, from any thread.
typedef void (*_Nonnull OrtLoggingFunction)(
    void *_Nullable context, int32_t level, const char *_Nullable category, const char *_Nullable logger,
    const char *_Nullable location, const char *_Nullable message);

/// Functions return `NULL` for success, else a status that the caller releases.
typedef struct OrtApi {
    void *_Nullable unused0[1];
    int32_t (*_Nonnull GetErrorCode)(const OrtStatus *_Nonnull status);
    const char *_Nullable (*_Nonnull GetErrorMessage)(const OrtStatus *_Nonnull status);
    void *_Nullable unused3[4];
    OrtStatus *_Nullable (*_Nonnull CreateSession)(
        const OrtEnv *_Nonnull env, const char *_Nonnull path, const OrtSessionOptions *_Nonnull options,
        OrtSession *_Nullable *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull CreateSessionFromArray)(
        const OrtEnv *_Nonnull env, const void *_Nonnull model, size_t bytes,
        const OrtSessionOptions *_Nonnull options, OrtSession *_Nullable *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull Run)(
        OrtSession *_Nonnull session, const OrtRunOptions *_Nullable options,
        const char *_Nonnull const *_Nonnull inputNames, const OrtValue *_Nonnull const *_Nonnull inputs,
        size_t inputCount, const char *_Nonnull const *_Nonnull outputNames, size_t outputCount,
        OrtValue *_Nullable *_Nonnull outputs);
    OrtStatus *_Nullable (*_Nonnull CreateSessionOptions)(OrtSessionOptions *_Nullable *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull SetOptimizedModelFilePath)(
        OrtSessionOptions *_Nonnull options, const char *_Nonnull path);
    void *_Nullable unused12[5];
    OrtStatus *_Nullable (*_Nonnull DisableMemPattern)(OrtSessionOptions *_Nonnull options);
    void *_Nullable unused18[4];
    OrtStatus *_Nullable (*_Nonnull SetSessionLogSeverityLevel)(OrtSessionOptions *_Nonnull options, int level);
    OrtStatus *_Nullable (*_Nonnull SetSessionGraphOptimizationLevel)(OrtSessionOptions *_Nonnull options, int level);
    void *_Nullable unused24[6];
    OrtStatus *_Nullable (*_Nonnull SessionGetInputCount)(const OrtSession *_Nonnull session, size_t *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull SessionGetOutputCount)(const OrtSession *_Nonnull session, size_t *_Nonnull out);
    void *_Nullable unused32[1];
    OrtStatus *_Nullable (*_Nonnull SessionGetInputTypeInfo)(
        const OrtSession *_Nonnull session, size_t index, OrtTypeInfo *_Nullable *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull SessionGetOutputTypeInfo)(
        const OrtSession *_Nonnull session, size_t index, OrtTypeInfo *_Nullable *_Nonnull out);
    void *_Nullable unused35[1];
    OrtStatus *_Nullable (*_Nonnull SessionGetInputName)(
        const OrtSession *_Nonnull session, size_t index, OrtAllocator *_Nonnull allocator,
        char *_Nullable *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull SessionGetOutputName)(
        const OrtSession *_Nonnull session, size_t index, OrtAllocator *_Nonnull allocator,
        char *_Nullable *_Nonnull out);
    void *_Nullable unused38[1];
    OrtStatus *_Nullable (*_Nonnull CreateRunOptions)(OrtRunOptions *_Nullable *_Nonnull out);
    void *_Nullable unused40[6];
    OrtStatus *_Nullable (*_Nonnull RunOptionsSetTerminate)(OrtRunOptions *_Nonnull options);
    OrtStatus *_Nullable (*_Nonnull RunOptionsUnsetTerminate)(OrtRunOptions *_Nonnull options);
    void *_Nullable unused48[1];
    OrtStatus *_Nullable (*_Nonnull CreateTensorWithDataAsOrtValue)(
        const OrtMemoryInfo *_Nonnull info, void *_Nonnull data, size_t bytes, const int64_t *_Nonnull shape,
        size_t rank, int32_t elementType, OrtValue *_Nullable *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull IsTensor)(const OrtValue *_Nonnull value, int *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull GetTensorMutableData)(OrtValue *_Nonnull value, void *_Nullable *_Nonnull out);
    void *_Nullable unused52[3];
    OrtStatus *_Nullable (*_Nonnull CastTypeInfoToTensorInfo)(
        const OrtTypeInfo *_Nonnull info, const OrtTensorTypeAndShapeInfo *_Nullable *_Nonnull out);
    void *_Nullable unused56[4];
    OrtStatus *_Nullable (*_Nonnull GetTensorElementType)(
        const OrtTensorTypeAndShapeInfo *_Nonnull info, int32_t *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull GetDimensionsCount)(
        const OrtTensorTypeAndShapeInfo *_Nonnull info, size_t *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull GetDimensions)(
        const OrtTensorTypeAndShapeInfo *_Nonnull info, int64_t *_Nonnull dimensions, size_t rank);
    void *_Nullable unused63[2];
    OrtStatus *_Nullable (*_Nonnull GetTensorTypeAndShape)(
        const OrtValue *_Nonnull value, OrtTensorTypeAndShapeInfo *_Nullable *_Nonnull out);
    void *_Nullable unused66[3];
    OrtStatus *_Nullable (*_Nonnull CreateCpuMemoryInfo)(
        int32_t allocatorType, int32_t memoryType, OrtMemoryInfo *_Nullable *_Nonnull out);
    void *_Nullable unused70[6];
    OrtStatus *_Nullable (*_Nonnull AllocatorFree)(OrtAllocator *_Nonnull allocator, void *_Nonnull memory);
    void *_Nullable unused77[1];
    OrtStatus *_Nullable (*_Nonnull GetAllocatorWithDefaultOptions)(OrtAllocator *_Nullable *_Nonnull out);
    void *_Nullable unused79[13];
    void (*_Nonnull ReleaseEnv)(OrtEnv *_Nonnull object);
    void (*_Nonnull ReleaseStatus)(OrtStatus *_Nonnull object);
    void (*_Nonnull ReleaseMemoryInfo)(OrtMemoryInfo *_Nonnull object);
    void (*_Nonnull ReleaseSession)(OrtSession *_Nonnull object);
    void (*_Nonnull ReleaseValue)(OrtValue *_Nonnull object);
    void (*_Nonnull ReleaseRunOptions)(OrtRunOptions *_Nonnull object);
    void (*_Nonnull ReleaseTypeInfo)(OrtTypeInfo *_Nonnull object);
    void (*_Nonnull ReleaseTensorTypeAndShapeInfo)(OrtTensorTypeAndShapeInfo *_Nonnull object);
    void (*_Nonnull ReleaseSessionOptions)(OrtSessionOptions *_Nonnull object);
    void *_Nullable unused101[10];
    OrtStatus *_Nullable (*_Nonnull SessionGetModelMetadata)(
        const OrtSession *_Nonnull session, OrtModelMetadata *_Nullable *_Nonnull out);
    void *_Nullable unused112[4];
    OrtStatus *_Nullable (*_Nonnull ModelMetadataLookupCustomMetadataMap)(
        const OrtModelMetadata *_Nonnull metadata, OrtAllocator *_Nonnull allocator, const char *_Nonnull key,
        char *_Nullable *_Nonnull out);
    void *_Nullable unused117[1];
    void (*_Nonnull ReleaseModelMetadata)(OrtModelMetadata *_Nonnull object);
    void *_Nullable unused119[1];
    OrtStatus *_Nullable (*_Nonnull DisablePerSessionThreads)(OrtSessionOptions *_Nonnull options);
    OrtStatus *_Nullable (*_Nonnull CreateThreadingOptions)(OrtThreadingOptions *_Nullable *_Nonnull out);
    void (*_Nonnull ReleaseThreadingOptions)(OrtThreadingOptions *_Nonnull object);
    void *_Nullable unused123[7];
    OrtStatus *_Nullable (*_Nonnull AddSessionConfigEntry)(
        OrtSessionOptions *_Nonnull options, const char *_Nonnull key, const char *_Nonnull value);
    void *_Nullable unused131[13];
    OrtStatus *_Nullable (*_Nonnull CreateAndRegisterAllocator)(
        OrtEnv *_Nonnull env, const OrtMemoryInfo *_Nonnull info, const OrtArenaCfg *_Nullable arena);
    void *_Nullable unused145[2];
    OrtStatus *_Nullable (*_Nonnull SetGlobalIntraOpNumThreads)(OrtThreadingOptions *_Nonnull options, int threads);
    OrtStatus *_Nullable (*_Nonnull SetGlobalInterOpNumThreads)(OrtThreadingOptions *_Nonnull options, int threads);
    OrtStatus *_Nullable (*_Nonnull SetGlobalSpinControl)(OrtThreadingOptions *_Nonnull options, int spin);
    void *_Nullable unused150[1];
    OrtStatus *_Nullable (*_Nonnull CreateEnvWithCustomLoggerAndGlobalThreadPools)(
        OrtLoggingFunction log, void *_Nullable logContext, int32_t level, const char *_Nonnull name,
        const OrtThreadingOptions *_Nonnull threads, OrtEnv *_Nullable *_Nonnull out);
    void *_Nullable unused152[3];
    OrtStatus *_Nullable (*_Nonnull SetGlobalDenormalAsZero)(OrtThreadingOptions *_Nonnull options);
    void *_Nullable unused156[1];
    void (*_Nonnull ReleaseArenaCfg)(OrtArenaCfg *_Nonnull object);
    void *_Nullable unused158[6];
    OrtStatus *_Nullable (*_Nonnull CreateArenaCfgV2)(
        const char *_Nonnull const *_Nonnull keys, const size_t *_Nonnull values, size_t count,
        OrtArenaCfg *_Nullable *_Nonnull out);
    OrtStatus *_Nullable (*_Nonnull AddRunConfigEntry)(
        OrtRunOptions *_Nonnull options, const char *_Nonnull key, const char *_Nonnull value);
} OrtApi;

/// What the only exported symbol, `OrtGetApiBase`, returns.
typedef struct OrtApiBase {
    const OrtApi *_Nullable (*_Nonnull GetApi)(uint32_t version);
    const char *_Nullable (*_Nonnull GetVersionString)(void);
} OrtApiBase;

typedef const OrtApiBase *_Nullable (*_Nonnull OrtGetApiBaseFunction)(void);

#define PARLEY_ORT_SLOT(name, slot) \
    _Static_assert(offsetof(OrtApi, name) == (slot) * sizeof(void *), #name " is slot " #slot)

PARLEY_ORT_SLOT(GetErrorCode, 1);
PARLEY_ORT_SLOT(GetErrorMessage, 2);
PARLEY_ORT_SLOT(CreateSession, 7);
PARLEY_ORT_SLOT(CreateSessionFromArray, 8);
PARLEY_ORT_SLOT(Run, 9);
PARLEY_ORT_SLOT(CreateSessionOptions, 10);
PARLEY_ORT_SLOT(SetOptimizedModelFilePath, 11);
PARLEY_ORT_SLOT(DisableMemPattern, 17);
PARLEY_ORT_SLOT(SetSessionLogSeverityLevel, 22);
PARLEY_ORT_SLOT(SetSessionGraphOptimizationLevel, 23);
PARLEY_ORT_SLOT(SessionGetInputCount, 30);
PARLEY_ORT_SLOT(SessionGetOutputCount, 31);
PARLEY_ORT_SLOT(SessionGetInputTypeInfo, 33);
PARLEY_ORT_SLOT(SessionGetOutputTypeInfo, 34);
PARLEY_ORT_SLOT(SessionGetInputName, 36);
PARLEY_ORT_SLOT(SessionGetOutputName, 37);
PARLEY_ORT_SLOT(CreateRunOptions, 39);
PARLEY_ORT_SLOT(RunOptionsSetTerminate, 46);
PARLEY_ORT_SLOT(RunOptionsUnsetTerminate, 47);
PARLEY_ORT_SLOT(CreateTensorWithDataAsOrtValue, 49);
PARLEY_ORT_SLOT(IsTensor, 50);
PARLEY_ORT_SLOT(GetTensorMutableData, 51);
PARLEY_ORT_SLOT(CastTypeInfoToTensorInfo, 55);
PARLEY_ORT_SLOT(GetTensorElementType, 60);
PARLEY_ORT_SLOT(GetDimensionsCount, 61);
PARLEY_ORT_SLOT(GetDimensions, 62);
PARLEY_ORT_SLOT(GetTensorTypeAndShape, 65);
PARLEY_ORT_SLOT(CreateCpuMemoryInfo, 69);
PARLEY_ORT_SLOT(AllocatorFree, 76);
PARLEY_ORT_SLOT(GetAllocatorWithDefaultOptions, 78);
PARLEY_ORT_SLOT(ReleaseEnv, 92);
PARLEY_ORT_SLOT(ReleaseStatus, 93);
PARLEY_ORT_SLOT(ReleaseMemoryInfo, 94);
PARLEY_ORT_SLOT(ReleaseSession, 95);
PARLEY_ORT_SLOT(ReleaseValue, 96);
PARLEY_ORT_SLOT(ReleaseRunOptions, 97);
PARLEY_ORT_SLOT(ReleaseTypeInfo, 98);
PARLEY_ORT_SLOT(ReleaseTensorTypeAndShapeInfo, 99);
PARLEY_ORT_SLOT(ReleaseSessionOptions, 100);
PARLEY_ORT_SLOT(SessionGetModelMetadata, 111);
PARLEY_ORT_SLOT(ModelMetadataLookupCustomMetadataMap, 116);
PARLEY_ORT_SLOT(ReleaseModelMetadata, 118);
PARLEY_ORT_SLOT(DisablePerSessionThreads, 120);
PARLEY_ORT_SLOT(CreateThreadingOptions, 121);
PARLEY_ORT_SLOT(ReleaseThreadingOptions, 122);
PARLEY_ORT_SLOT(AddSessionConfigEntry, 130);
PARLEY_ORT_SLOT(CreateAndRegisterAllocator, 144);
PARLEY_ORT_SLOT(SetGlobalIntraOpNumThreads, 147);
PARLEY_ORT_SLOT(SetGlobalInterOpNumThreads, 148);
PARLEY_ORT_SLOT(SetGlobalSpinControl, 149);
PARLEY_ORT_SLOT(CreateEnvWithCustomLoggerAndGlobalThreadPools, 151);
PARLEY_ORT_SLOT(SetGlobalDenormalAsZero, 155);
PARLEY_ORT_SLOT(ReleaseArenaCfg, 157);
PARLEY_ORT_SLOT(CreateArenaCfgV2, 164);
PARLEY_ORT_SLOT(AddRunConfigEntry, 165);
