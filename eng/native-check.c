/* Loads a libopus, takes a second of sound through it by the functions that VoiceKit.LibOpus calls, and says how it went.
   Usage: native-check LIBRARY. Returns 0 when what comes out is what went in. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
static void *load(const char *path) { return (void *)LoadLibraryA(path); }
static void *find(void *library, const char *name) { return (void *)GetProcAddress((HMODULE)library, name); }
static const char *fault(void) { return "LoadLibrary failed"; }
#else
#include <dlfcn.h>
static void *load(const char *path) { return dlopen(path, RTLD_NOW); }
static void *find(void *library, const char *name) { return dlsym(library, name); }
static const char *fault(void) { return dlerror(); }
#endif

enum { RATE = 48000, FRAME = 960, FRAMES = 50, AUDIO = 2049, SET_BITRATE = 4002, GET_LOOKAHEAD = 4027 };

typedef void *(*encoder_create)(int, int, int, int *);
typedef void *(*decoder_create)(int, int, int *);
typedef int (*encode_float)(void *, const float *, int, unsigned char *, int);
typedef int (*decode_float)(void *, const unsigned char *, int, float *, int, int);
typedef int (*control)(void *, int, ...);
typedef void (*destroy)(void *);
typedef const char *(*version)(void);

static float before[FRAMES * FRAME], after[FRAMES * FRAME];

int main(int argc, char **argv)
{
    static const char *names[] = {
        "opus_encoder_create", "opus_decoder_create", "opus_encode_float", "opus_decode_float", "opus_encoder_ctl",
        "opus_decoder_ctl", "opus_encoder_destroy", "opus_decoder_destroy", "opus_get_version_string", "opus_strerror" };
    void *functions[10], *library = argc == 2 ? load(argv[1]) : NULL, *encoder, *decoder;
    unsigned char packet[1275];
    int i, length, bytes = 0, error, lookahead = 0;
    double product = 0, energy_before = 0, energy_after = 0, likeness;

    if (!library)
        return printf("not loaded: %s\n", argc == 2 ? fault() : "no library is named"), 1;
    for (i = 0; i < 10; i++)
        if (!(functions[i] = find(library, names[i])))
            return printf("%s is not there\n", names[i]), 1;

    encoder = ((encoder_create)functions[0])(RATE, 1, AUDIO, &error);
    decoder = ((decoder_create)functions[1])(RATE, 1, &error);
    if (!encoder || !decoder)
        return printf("no codec: %d\n", error), 1;
    ((control)functions[4])(encoder, SET_BITRATE, 64000);
    ((control)functions[4])(encoder, GET_LOOKAHEAD, &lookahead);

    for (i = 0; i < FRAMES * FRAME; i++)
        before[i] = (float)(0.4 * sin(i * (0.02 + 0.1 * i / (FRAMES * FRAME))));
    for (i = 0; i < FRAMES; i++) {
        length = ((encode_float)functions[2])(encoder, before + i * FRAME, FRAME, packet, sizeof packet);
        if (length <= 0)
            return printf("opus_encode_float gave %d\n", length), 1;
        bytes += length;
        length = ((decode_float)functions[3])(decoder, packet, length, after + i * FRAME, FRAME, 0);
        if (length != FRAME)
            return printf("opus_decode_float gave %d\n", length), 1;
    }

    for (i = 0; i < FRAMES * FRAME - lookahead; i++) {
        product += before[i] * after[i + lookahead];
        energy_before += before[i] * before[i];
        energy_after += after[i + lookahead] * after[i + lookahead];
    }
    likeness = product / sqrt(energy_before * energy_after + 1e-30);
    printf("%s: %d packets, %d bytes, correlation %.4f", ((version)functions[8])(), FRAMES, bytes, likeness);
    ((destroy)functions[6])(encoder);
    ((destroy)functions[7])(decoder);
    return likeness > 0.95 ? 0 : 2;
}
