using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// From a clip of frames to the keys and values of the stimulus blocks, in pieces. It depends on nothing but the clip and the window's first token, which
/// is the same for all windows that are not overfull: its work is done once per clip. One thread; allocates nothing per call.
/// </summary>
internal sealed class FrameBranch
{
    private readonly NeuroformerFrames _frames;
    private readonly int _width;
    private readonly KernelSet _kernels;
    private readonly BlockWork _work;
    private readonly FloatArena _arena;
    private readonly FrameRing _ring;
    private readonly PackedMatrix _map;
    private readonly LayerNormWeights? _norm;
    private readonly LiveBlock[] _encoder;
    private readonly KeyValueCache _encoderCache;
    private readonly KeyScope _scope;
    private readonly LiveStep[] _stimulus;
    private readonly AlignedFloats _x;
    private readonly FloatSlot _underKernel;
    private readonly long[] _clip;
    private readonly long[] _wanted;
    private int _sosTime = -1;
    private int _piece;

    /// <param name="weights">The model; with frames.</param>
    /// <param name="ring">Where the frames are.</param>
    /// <param name="work">Runs the blocks; made for at least as many rows as there are frame tokens.</param>
    /// <param name="kernels">Arithmetic.</param>
    /// <param name="arena">Working memory.</param>
    public FrameBranch(NeuroformerWeights weights, FrameRing ring, BlockWork work, KernelSet kernels, FloatArena arena)
    {
        var config = weights.Config;
        (_frames, _width, _ring, _work, _kernels, _arena) = (config.Frames!, config.NEmbd, ring, work, kernels, arena);
        var map = weights.FrameMap!;
        (_map, _norm) = (kernels.Pack(map.Weight, map.Outputs, map.Inputs, map.Bias), weights.FrameNorm);
        _encoder = [.. weights.FrameEncoder.Select(block => new LiveBlock(block, kernels))];
        _encoderCache = new KeyValueCache(Rows(config), config.NHead, config.HeadDim, kernels);
        _scope = KeyScope.All(Rows(config), kernels);
        _stimulus = [.. weights.Stimulus.Select(block => new LiveStep(
            new LiveBlock(block, kernels), new KeyValueCache(Rows(config), config.NHead, config.HeadDim, kernels), _scope))];
        _x = new AlignedFloats(checked(Rows(config) * _width));
        _underKernel = arena.Reserve(checked(_frames.Tokens * map.Inputs));
        (_clip, _wanted) = (new long[_frames.Count], new long[_frames.Count]);
        Array.Fill(_clip, -1);
        _piece = Pieces;
    }

    /// <summary>The blocks that attend the frames.</summary>
    public IReadOnlyList<LiveStep> Stimulus => _stimulus;

    /// <summary>Whether keys and values are those of the clip that was asked for.</summary>
    public bool IsReady => _piece == Pieces;

    private int Pieces => 1 + _encoder.Length + _stimulus.Length;

    /// <summary>Frame tokens with SOS before them.</summary>
    public static int Rows(NeuroformerConfig config) => config.Frames!.Tokens + 1;

    /// <summary>Asks for a window's clip.</summary>
    /// <param name="endNs">The window's end.</param>
    /// <param name="sosTime">dt token of the window's first token.</param>
    /// <param name="sos">The first token as it is embedded, [C].</param>
    /// <param name="changed">Whether what was made before does not hold for it.</param>
    /// <returns>False where frames are missing; what was made stays.</returns>
    public bool Ask(long endNs, int sosTime, ReadOnlySpan<float> sos, out bool changed)
    {
        changed = false;
        if (!_ring.Choose(endNs, _wanted)) return false;
        if (sosTime == _sosTime && _wanted.AsSpan().SequenceEqual(_clip)) return true;
        changed = true;
        _wanted.CopyTo(_clip, 0);
        _sosTime = sosTime;
        sos.CopyTo(_x.Span);
        _piece = 0;

        // NB: taken now, as the ring may lose the frames before the next piece.
        Gather();
        return true;
    }

    /// <summary>Does the next piece.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Step()
    {
        if (IsReady) return false;
        var rows = _frames.Tokens + 1;
        if (_piece == 0) MakeTokens();
        else if (_piece <= _encoder.Length)
        {
            var block = _encoder[_piece - 1];
            _work.MakeKeys(block, _encoderCache, _x, 0, rows);
            _work.Apply(block, _encoderCache, _scope, _x, 0, rows);
        }
        else
        {
            var step = _stimulus[_piece - 1 - _encoder.Length];
            _work.MakeKeys(step.Block, step.Cache, _x, 0, rows);
        }

        _piece++;
        return true;
    }

    private void MakeTokens()
    {
        var tokens = _x.Span[_width..];
        _kernels.Multiply(_arena[_underKernel], _map.Inputs, _frames.Tokens, _map, tokens, _width);
        if (_norm is { } norm) _kernels.LayerNorm(tokens, _frames.Tokens, _width, norm.Gain, norm.Bias, tokens);
        _kernels.Relu(tokens, tokens);
    }

    /// <summary>The pixels under the kernel at each of its places.</summary>
    private void Gather()
    {
        var (kernel, stride) = (_frames.Kernel, _frames.Stride);
        var (tokens, rows, columns) = (_frames.TokensOf(0), _frames.TokensOf(1), _frames.TokensOf(2));
        var (depth, height, length) = (kernel[0], kernel[1], kernel[2]);
        var target = _arena[_underKernel];
        for (var t = 0; t < tokens; t++)
        {
            for (var dt = 0; dt < depth; dt++)
            {
                var pixels = _ring.Pixels(_clip[t * stride[0] + dt]);
                for (var h = 0; h < rows; h++)
                {
                    for (var w = 0; w < columns; w++)
                    {
                        var place = target.Slice((((t * rows + h) * columns + w) * depth + dt) * height * length, height * length);
                        for (var dh = 0; dh < height; dh++)
                            pixels.Slice((h * stride[1] + dh) * _frames.Width + w * stride[2], length).CopyTo(place[(dh * length)..]);
                    }
                }
            }
        }
    }
}
