using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Neuroformer;

/// <summary>
/// Frames to tokens, plain form: a convolution over (time, height, width) of any kernel and stride without padding, then LayerNorm and ReLU; or
/// square patches under a linear map, then ReLU. Tokens stand in order of time, height, width and carry no position. Immutable; any thread.
/// </summary>
public sealed class NeuroformerFrameMap
{
    private readonly KernelSet _kernels;
    private readonly NeuroformerFrames _frames;
    private readonly PackedMatrix _map;
    private readonly LayerNormWeights? _norm;

    /// <param name="frames">Sizes.</param>
    /// <param name="map">[C, pixels under the kernel].</param>
    /// <param name="norm">Null for patches.</param>
    /// <param name="kernels">Arithmetic.</param>
    public NeuroformerFrameMap(NeuroformerFrames frames, LinearWeights map, LayerNormWeights? norm, KernelSet kernels)
    {
        (_kernels, _frames, _norm) = (kernels, frames, norm);
        _map = kernels.Pack(map.Weight, map.Outputs, map.Inputs, map.Bias);
    }

    /// <summary>Numbers in the frames of one window.</summary>
    public int Pixels => _frames.Count * _frames.Height * _frames.Width;

    /// <summary>The tokens, [tokens, C].</summary>
    /// <param name="pixels">[frames, height, width].</param>
    public float[] Tokens(ReadOnlySpan<float> pixels)
    {
        var (kernel, stride) = (_frames.Kernel, _frames.Stride);
        var under = new float[_frames.Tokens * _map.Inputs];
        var at = 0;
        for (var t = 0; t < _frames.TokensOf(0); t++)
        {
            for (var h = 0; h < _frames.TokensOf(1); h++)
            {
                for (var w = 0; w < _frames.TokensOf(2); w++)
                {
                    for (var dt = 0; dt < kernel[0]; dt++)
                    {
                        for (var dh = 0; dh < kernel[1]; dh++, at += kernel[2])
                        {
                            var from = ((t * stride[0] + dt) * _frames.Height + h * stride[1] + dh) * _frames.Width + w * stride[2];
                            pixels.Slice(from, kernel[2]).CopyTo(under.AsSpan(at));
                        }
                    }
                }
            }
        }

        var tokens = new float[_frames.Tokens * _map.Outputs];
        _kernels.Multiply(under, _map.Inputs, _frames.Tokens, _map, tokens, _map.Outputs);
        if (_norm is { } norm) _kernels.LayerNorm(tokens, _frames.Tokens, _map.Outputs, norm.Gain, norm.Bias, tokens);
        _kernels.Relu(tokens, tokens);
        return tokens;
    }
}
