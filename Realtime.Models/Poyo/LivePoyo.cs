using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Poyo;

/// <summary>A POYO model for live use: one window in, one query's outputs out. One caller at a time; allocates nothing after construction.</summary>
internal sealed class LivePoyo : IDisposable
{
    private readonly FloatArena _arena = new();
    private readonly ComputeTeam _team;
    private readonly LiveEncoder _encoder;
    private readonly LiveProcessor _processor;
    private readonly LiveReadout _readout;
    private readonly FloatSlot _z;

    /// <param name="weights">The model.</param>
    /// <param name="unitRows">Row of the unit table for each unit; these get delimiters.</param>
    /// <param name="session">Row of the session table.</param>
    /// <param name="queryLag">The query's time, s before the window's end.</param>
    /// <param name="options">Hop, limits, threads.</param>
    /// <param name="kernels">Arithmetic.</param>
    public LivePoyo(PoyoWeights weights, IReadOnlyList<int> unitRows, int session, double queryLag, DecoderOptions options, KernelSet kernels)
    {
        var config = weights.Config;
        _team = new ComputeTeam(options.ComputeThreads, options.ComputeCpu);
        _z = _arena.Reserve(config.Latents * config.Dim);
        _encoder = new LiveEncoder(weights, unitRows, options, kernels, _team, _arena);
        var times = Enumerable.Range(0, config.Steps).Select(step => (step + 0.5) * config.LatentStep).ToArray();
        var rotary = new RotaryTime(weights.Omega).Table(times, kernels);
        _processor = new LiveProcessor(weights.Layers, config.Dim, config.Latents, rotary, kernels, _team, _arena);
        _readout = new LiveReadout(weights, session, config.SequenceLength - queryLag, kernels, _arena);
        _arena.Allocate();
    }

    /// <inheritdoc cref="ComputeTeam.PlacementProblems"/>
    public IReadOnlyList<string> PlacementProblems => _team.PlacementProblems;

    public void Reset() => _encoder.Reset();

    /// <param name="endNs">The window's end.</param>
    /// <param name="timesNs">Spikes in order, all inside the window.</param>
    /// <param name="units">Their rows in the list of units.</param>
    /// <param name="outputs">Receives the outputs, in the model's normalised units.</param>
    public void Run(long endNs, ReadOnlySpan<long> timesNs, ReadOnlySpan<int> units, Span<float> outputs)
    {
        _team.Begin();
        _encoder.Run(endNs, timesNs, units, _z);
        _processor.Run(_z);
        _team.End();
        _readout.Run(_arena[_z], outputs);
    }

    public void Dispose() => _team.Dispose();
}
