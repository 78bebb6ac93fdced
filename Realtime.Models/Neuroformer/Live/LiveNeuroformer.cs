using Realtime.Engine.Decoding;
using Realtime.Models.Kernels;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// Neuroformer's behaviour heads, live: <see cref="NeuroformerNetwork"/> rearranged exactly. Keys and values of the past are sums of table rows, the frame
/// branch runs once per clip, and what is computed of a window's first positions is kept as long as tokens, past and frames stay what they were: a
/// window is answered by computing what is not there yet, whoever computed the rest. One thread at a time; allocates nothing per call.
/// </summary>
internal sealed class LiveNeuroformer : IDisposable
{
    // All weights pass for each batch of rows, however small: a few rows settled early wait for more of them.
    private const int LeastRowsAhead = 16;

    private readonly NeuroformerConfig _config;
    private readonly NeuroformerWeights _weights;
    private readonly bool _framesOptional;
    private readonly float[] _times;
    private readonly FloatArena _arena = new();
    private readonly ComputeTeam _team;
    private readonly BlockWork _work;
    private readonly LiveTokens _tokens;
    private readonly PastKeyValues _past;
    private readonly FrameRing? _ring;
    private readonly FrameBranch? _frames;
    private readonly LiveSegment _encoder;
    private readonly LiveSegment _history;
    private readonly LiveSegment _stimulus;
    private readonly LiveSegment _state;
    private readonly LiveHeads _heads;
    private readonly int[] _ids;
    private readonly int[] _dts;
    private readonly float[] _sos;
    private bool _hasFrames;

    /// <param name="weights">The model.</param>
    /// <param name="settings">Checked against it.</param>
    /// <param name="options">Limits, threads.</param>
    /// <param name="kernels">Arithmetic.</param>
    public LiveNeuroformer(NeuroformerWeights weights, NeuroformerSettings settings, DecoderOptions options, KernelSet kernels)
    {
        (_weights, _config, _framesOptional) = (weights, weights.Config, settings.FramesOptional);
        _team = new ComputeTeam(options.ComputeThreads, options.ComputeCpu);
        var readsFrames = ReadsFrames(_config);
        _work = new BlockWork(_config, Math.Max(_config.BlockId, readsFrames ? FrameBranch.Rows(_config) : 0), kernels, _team, _arena);
        _times = TimeTable.Of(weights.Time, _config, kernels);
        _tokens = new LiveTokens(_config, settings.UnitTokens, options.MaxWindowSpikes);
        _past = new PastKeyValues(weights, kernels);
        if (readsFrames)
        {
            _ring = new FrameRing(_config.Frames!, new FrameClip(_config.Frames!, settings.FrameHold, settings.FrameLookAhead), (float)settings.FrameScale);
            _frames = new FrameBranch(weights, _ring, _work, kernels, _arena);
        }

        var causal = KeyScope.Causal(_config.BlockId, kernels);
        _encoder = Segment(weights.Encoder.Select(block => SelfAttention(block, causal, kernels)));
        _history = Segment(weights.History.Select((block, layer) => new LiveStep(new LiveBlock(block, kernels), _past.Caches[layer], _past.Scope)));
        _stimulus = Segment(_frames?.Stimulus ?? []);
        _state = Segment([
            .. weights.Modalities.SelectMany((blocks, group) => Inputs(blocks, group, kernels)),
            .. weights.State.Select(block => SelfAttention(block, causal, kernels))]);
        _heads = new LiveHeads(weights, _config.Groups.ToList().FindIndex(group => group.Name == settings.Group), kernels);
        (_ids, _dts, _sos) = (new int[_config.BlockId], new int[_config.BlockId], new float[_config.NEmbd]);
        _arena.Allocate();
    }

    /// <inheritdoc cref="ComputeTeam.PlacementProblems"/>
    public IReadOnlyList<string> PlacementProblems => _team.PlacementProblems;

    /// <summary>The last window's.</summary>
    public LiveTokens Tokens => _tokens;

    /// <summary>Whether the last window's frames were missing.</summary>
    public bool LacksFrames => _frames is not null && !_hasFrames;

    /// <summary>Frames of another size or out of order.</summary>
    public long RefusedFrames => _ring?.Refused ?? 0;

    /// <summary>Whether a model's answers depend on frames.</summary>
    public static bool ReadsFrames(NeuroformerConfig config) => config.Frames is not null && config.StimulusLayers > 0;

    /// <summary>Forgets the frames: those of another stretch of time say nothing about this one. What else is kept depends on tokens alone.</summary>
    public void Reset() => _ring?.Clear();

    public void TakeFrame(long dataNs, ReadOnlySpan<float> pixels) => _ring?.Take(dataNs, pixels);

    /// <summary>One block of rows, one piece of the frame branch, or the past's keys.</summary>
    /// <returns>Whether there was something to do.</returns>
    public bool Prepare(in SpikeWindow soFar, long settledNs)
    {
        _tokens.Read(soFar);
        var startNs = unchecked(soFar.EndNs - _config.CurrNs);
        var rows = settledNs >= soFar.EndNs ? _config.BlockId
            : settledNs < startNs ? 1
            : _tokens.Current.SettledBefore((settledNs - startNs) / _config.ResolutionNs);
        Embed(rows);
        var moreWillSettle = settledNs < soFar.EndNs - _config.ResolutionNs;
        if (moreWillSettle && rows - _encoder.Begun < LeastRowsAhead) rows = Math.Min(rows, _encoder.Begun);
        _team.Begin();
        try
        {
            if (_frames is not null)
            {
                AskFrames(soFar.EndNs);
                if (_frames.Step()) return true;
            }

            if (_encoder.Run(_work, rows, all: false)) return true;
            if (settledNs < startNs) return false;
            if (UpdatePast()) return true;
            _history.EnterFrom(_encoder, rows);
            if (_history.Run(_work, rows, all: false)) return true;
            if (_frames is not null && !_hasFrames && !_framesOptional) return false;
            if (!_hasFrames)
            {
                _state.EnterFrom(_history, rows);
                return _state.Run(_work, rows, all: false);
            }

            _stimulus.EnterFrom(_history, rows);
            if (_stimulus.Run(_work, rows, all: false)) return true;
            _state.EnterFrom(_stimulus, rows);
            return _state.Run(_work, rows, all: false);
        }
        finally
        {
            _team.End();
        }
    }

    /// <summary>Answers a window.</summary>
    /// <returns>False, and no values, where frames that the model needs are missing.</returns>
    public bool Run(in SpikeWindow window, Span<float> values)
    {
        _tokens.Read(window);
        Embed(_config.BlockId);
        UpdatePast();
        if (_frames is not null && !AskFrames(window.EndNs) && !_framesOptional) return false;
        _team.Begin();
        try
        {
            if (_hasFrames)
                while (_frames!.Step()) { }

            RunAll(_encoder);
            _history.EnterFrom(_encoder, _config.BlockId);
            RunAll(_history);
            if (_hasFrames)
            {
                _stimulus.EnterFrom(_history, _config.BlockId);
                RunAll(_stimulus);
            }

            _state.EnterFrom(_hasFrames ? _stimulus : _history, _config.BlockId);
            RunAll(_state);
        }
        finally
        {
            _team.End();
        }

        _heads.Read(_state.X.Span, values);
        return true;
    }

    public void Dispose() => _team.Dispose();

    private void RunAll(LiveSegment segment) => segment.Run(_work, _config.BlockId, all: true);

    private LiveSegment Segment(IEnumerable<LiveStep> steps) => new(steps, _config.BlockId, _config.NEmbd);

    private LiveStep SelfAttention(NeuroformerBlockWeights block, KeyScope causal, KernelSet kernels) =>
        new(new LiveBlock(block, kernels), new KeyValueCache(_config.BlockId, _config.NHead, _config.HeadDim, kernels), causal);

    /// <summary>A group's inputs are constants: a value cannot matter, and live all are there with a dt of 0.</summary>
    private IEnumerable<LiveStep> Inputs(IReadOnlyList<NeuroformerBlockWeights> blocks, int group, KernelSet kernels)
    {
        double?[] present = [.. _config.Groups[group].Variables.Select(variable => variable.Predict ? (double?)null : 0)];
        var tokens = new NeuroformerInputTokens(_weights, kernels).Group(group, present);
        if (tokens.Length == 0) return [];
        var count = tokens.Length / _config.NEmbd;
        var scope = KeyScope.All(count, kernels);
        return [.. blocks.Select(weights =>
        {
            var step = new LiveStep(new LiveBlock(weights, kernels), new KeyValueCache(count, _config.NHead, _config.HeadDim, kernels), scope);
            var keys = new float[tokens.Length];
            kernels.Multiply(tokens, _config.NEmbd, count, step.Block.Key, keys, _config.NEmbd);
            step.Cache.PutKeys(keys, 0, count);
            kernels.Multiply(tokens, _config.NEmbd, count, step.Block.Value, keys, _config.NEmbd);
            step.Cache.PutValues(keys, 0, count);
            return step;
        })];
    }

    /// <summary>Embeds the first tokens; of those that were embedded before, what is kept ends at the first that has changed.</summary>
    private void Embed(int rows)
    {
        var (ids, dts) = (_tokens.Current.Ids, _tokens.Current.Times);
        var held = Math.Min(rows, _encoder.Entered);
        var same = 0;
        while (same < held && _ids[same] == ids[same] && _dts[same] == dts[same]) same++;
        if (same < held) Cut(same, _encoder, _history, _stimulus, _state);
        for (var row = _encoder.Entered; row < rows; row++)
        {
            (_ids[row], _dts[row]) = (ids[row], dts[row]);
            EmbedRow(ids[row], dts[row], row, _encoder.Enter());
        }
    }

    private void EmbedRow(int id, int dt, int row, Span<float> x)
    {
        var width = _config.NEmbd;
        _weights.Tokens.AsSpan(id * width, width).CopyTo(x);
        RowArithmetic.Add(_times.AsSpan(dt * width, width), x);
        if (_config.PosEmb) RowArithmetic.Add(_weights.Positions.AsSpan(row * width, width), x);
    }

    private bool UpdatePast()
    {
        if (!_past.Update(_tokens.Past)) return false;
        Cut(0, _history, _stimulus, _state);
        return true;
    }

    /// <summary>Finds the window's frames; what was computed with others is void.</summary>
    private bool AskFrames(long endNs)
    {
        var sosTime = _tokens.Current.Times[0];
        EmbedRow(_config.Sos, sosTime, 0, _sos);
        var has = _frames!.Ask(endNs, sosTime, _sos, out var changed);
        if (changed) Cut(0, _stimulus, _state);
        if (has != _hasFrames) Cut(0, _state);
        return _hasFrames = has;
    }

    private static void Cut(int row, params ReadOnlySpan<LiveSegment> segments)
    {
        foreach (var segment in segments) segment.Cut(row);
    }
}
