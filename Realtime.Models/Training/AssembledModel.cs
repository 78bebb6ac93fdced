using Realtime.Engine.Decoding;

namespace Realtime.Models.Training;

/// <summary>A model's bytes, and the file and decoder read back from them.</summary>
internal sealed record AssembledModel(byte[] Bytes, ModelFile File, IDecoder Decoder);
