"""Writes tiny-llama.gguf and tiny-lfm2.gguf: random weights, a vocabulary of bytes, a chat template.

python3 -m pip install gguf==0.19.0 numpy==2.4.6 && python3 make.py
The files are the same for the same numpy generator (PCG64, seeds below); nothing else in them is random.
"""

import sys
from pathlib import Path

import gguf
import numpy

EMBEDDING, FEED, HEADS, KV_HEADS, LAYERS = 32, 64, 2, 1, 2
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
CONTROLS = ["<|endoftext|>", "<|startoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["t h", "th e", "i n", "e r", "a n"]


def byte_alphabet() -> list[str]:
    """GPT-2's printable stand-ins for the 256 bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in plain}
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + sum(1 for other in range(byte) if other not in plain))
    return [table[byte] for byte in range(256)]


def write_vocabulary(writer: gguf.GGUFWriter) -> int:
    tokens = CONTROLS + byte_alphabet() + [merge.replace(" ", "") for merge in MERGES]
    kinds = [gguf.TokenType.CONTROL] * len(CONTROLS) + [gguf.TokenType.NORMAL] * (len(tokens) - len(CONTROLS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(3)
    writer.add_add_bos_token(True)
    writer.add_chat_template(TEMPLATE)
    return len(tokens)


def make(path: Path, architecture: str, seed: int) -> None:
    random = numpy.random.Generator(numpy.random.PCG64(seed))
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(path.stem)
    writer.add_context_length(4096)
    writer.add_embedding_length(EMBEDDING)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    hybrid = architecture == "lfm2"
    writer.add_head_count_kv([0, KV_HEADS] if hybrid else KV_HEADS)
    if hybrid:
        writer.add_shortconv_l_cache(3)
    vocabulary = write_vocabulary(writer)
    writer.add_vocab_size(vocabulary)

    def matrix(name: str, rows: int, columns: int, scale: float = 0.3) -> None:
        writer.add_tensor(name, (random.standard_normal((rows, columns)) * scale).astype(numpy.float16))

    def vector(name: str, size: int) -> None:
        writer.add_tensor(name, (1 + random.standard_normal(size) * 0.1).astype(numpy.float32))

    matrix("token_embd.weight", vocabulary, EMBEDDING, 1.0)
    vector("token_embd_norm.weight" if hybrid else "output_norm.weight", EMBEDDING)
    head = EMBEDDING // HEADS
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        vector(block + "attn_norm.weight", EMBEDDING)
        vector(block + "ffn_norm.weight", EMBEDDING)
        matrix(block + "ffn_gate.weight", FEED, EMBEDDING)
        matrix(block + "ffn_up.weight", FEED, EMBEDDING)
        matrix(block + "ffn_down.weight", EMBEDDING, FEED)
        if hybrid and layer == 0:
            writer.add_tensor(
                block + "shortconv.conv.weight", random.standard_normal((EMBEDDING, 3)).astype(numpy.float32))
            matrix(block + "shortconv.in_proj.weight", 3 * EMBEDDING, EMBEDDING)
            matrix(block + "shortconv.out_proj.weight", EMBEDDING, EMBEDDING)
            continue
        matrix(block + "attn_q.weight", EMBEDDING, EMBEDDING)
        matrix(block + "attn_k.weight", KV_HEADS * head, EMBEDDING)
        matrix(block + "attn_v.weight", KV_HEADS * head, EMBEDDING)
        matrix(block + "attn_output.weight", EMBEDDING, EMBEDDING)
        if hybrid:
            vector(block + "attn_q_norm.weight", head)
            vector(block + "attn_k_norm.weight", head)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    make(folder / "tiny-llama.gguf", "llama", 1)
    make(folder / "tiny-lfm2.gguf", "lfm2", 2)
