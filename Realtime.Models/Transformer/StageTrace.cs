namespace Realtime.Models.Transformer;

/// <summary>Sees what a plain forward pass has computed after each stage.</summary>
/// <param name="stage">The stage's name, such as "latents.after_enc_atn".</param>
/// <param name="values">[samples, rows, width], row-major; valid during the call only.</param>
public delegate void StageTrace(string stage, ReadOnlySpan<float> values);
