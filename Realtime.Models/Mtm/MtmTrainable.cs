using Realtime.Models.Differentiation;
using Realtime.Models.Kernels;
using Realtime.Models.Mtm.Training;
using Realtime.Models.Training.Blocks;
using Realtime.Models.Weights;

namespace Realtime.Models.Mtm;

/// <summary>
/// MtM on the NDT1-stitch backbone as it is trained: several recordings, each with its stitcher, head and row, around one trunk; recorded on a
/// tape with upstream's dropout. Trials of a batch are not padded: each attends within itself, which is the same function as padding under a
/// mask. Any thread between steps.
/// Source: Zhang et al. 2024 (arXiv 2407.14668); github.com/colehurwitz/IBL_foundation_model, src/models/ndt1.py.
/// </summary>
public sealed class MtmTrainable
{
    private readonly MtmConfig _config;
    private readonly MtmTrainableOptions _options;
    private readonly IReadOnlyList<MtmSession> _sessions;
    private readonly (Parameter Weight, Parameter Bias)[] _stitchers;
    private readonly (Parameter Weight, Parameter Bias)[] _heads;
    private readonly (Parameter Weight, Parameter Bias) _embed;
    private readonly (Parameter Weight, Parameter Bias) _projection;
    private readonly Parameter? _positions;
    private readonly Parameter? _prompts;
    private readonly Parameter? _rows;
    private readonly MtmTrainableLayer[] _layers;
    private readonly (Parameter Gain, Parameter Bias) _outNorm;
    private readonly RotaryTable? _rotary;

    /// <param name="weights">The tensors of all recordings, under upstream's names; they are copied.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="sessions">The recordings; trials name them by their place here.</param>
    /// <param name="options">Dropout, masks, decay; upstream's dropout and the strict mask if null.</param>
    /// <exception cref="ModelFormatException">A tensor is missing, of another shape, or not finite.</exception>
    /// <exception cref="ArgumentException">There is no recording.</exception>
    public MtmTrainable(WeightReader weights, MtmConfig config, IReadOnlyList<MtmSession> sessions, MtmTrainableOptions? options = null)
    {
        if (sessions.Count == 0) throw new ArgumentException("There is no recording to train on.", nameof(sessions));
        (_config, _sessions, _options) = (config, sessions, options ?? new MtmTrainableOptions());
        var list = new ParameterList();
        var own = new Dictionary<string, ((Parameter Weight, Parameter Bias) Stitcher, (Parameter Weight, Parameter Bias) Head)>(StringComparer.Ordinal);
        foreach (var session in sessions)
        {
            // NB: recordings of one key share both maps, as upstream's recordings of one size do.
            var key = config.Stitching ? session.Stitcher : "";
            if (own.ContainsKey(key)) continue;
            var maps = MtmWeights.Read(weights, config, key, config.Stitching ? session.Neurons : config.NChannels);
            var stitcher = maps.Stitcher is { } stitch ? list.AddSessionLinear(MtmWeights.StitcherName(key), stitch, _options.StitcherDecay, _options.StitcherDecay) : default;
            own[key] = (stitcher, list.AddSessionLinear(config.Stitching ? MtmWeights.HeadName(key) : "decoder.0", maps.Head, _options.HeadDecay, biasDecay: 0));
        }

        _stitchers = [.. sessions.Select(session => own[config.Stitching ? session.Stitcher : ""].Stitcher)];
        _heads = [.. sessions.Select(session => own[config.Stitching ? session.Stitcher : ""].Head)];
        var shared = MtmWeights.Read(weights, config, sessions[0].Stitcher, config.Stitching ? sessions[0].Neurons : config.NChannels);
        _embed = list.AddLinear("encoder.embedder.embed_spikes", shared.EmbedSpikes.Weight, shared.EmbedSpikes.Bias);
        _projection = list.AddLinear("encoder.embedder.projection", shared.Projection.Weight, shared.Projection.Bias);
        _positions = Table("embed_pos", shared.Positions);
        _prompts = Table("embed_prompt", shared.Prompts);
        _rows = Table("embed_session", shared.Sessions);
        _layers = [.. shared.Layers.Select((layer, index) => new MtmTrainableLayer(list, $"encoder.layers.{index}", layer, _options.Dropout.Transformer))];
        _outNorm = list.AddNorm("encoder.out_norm", shared.OutNorm);
        _rotary = config.UseRope ? MtmRotary.Table(MtmRotary.Time(config), config.Prefix + config.MaxF, KernelSet.Best) : null;
        Parameters = list.ToSet();

        Parameter? Table(string name, float[] values) =>
            values.Length == 0 ? null : list.AddTable($"encoder.embedder.{name}.weight", ParameterKind.Dense, values, config.HiddenSize);
    }

    /// <summary>The network of some tensors, as model files hold them.</summary>
    /// <inheritdoc cref="MtmTrainable(WeightReader, MtmConfig, IReadOnlyList{MtmSession}, MtmTrainableOptions?)" path="/exception"/>
    public static MtmTrainable Of(IEnumerable<TensorData> tensors, MtmConfig config, IReadOnlyList<MtmSession> sessions, MtmTrainableOptions? options = null) =>
        new(TensorReader.Of(tensors), config, sessions, options);

    public ParameterSet Parameters { get; }

    public IReadOnlyList<MtmSession> Sessions => _sessions;

    public MtmConfig Config => _config;

    /// <summary>Whether a parameter belongs to one recording alone: stitchers, heads, and the table of sessions.</summary>
    public static bool IsOfSession(Parameter parameter) =>
        parameter.Kind == ParameterKind.SessionPart || parameter.Name == "encoder.embedder.embed_session.weight";

    /// <summary>Records the forward pass of some trials.</summary>
    /// <param name="tape">Begun by the caller; one tape per thread.</param>
    /// <param name="trials">Of one recording and under one prompt.</param>
    /// <returns>[all bins, neurons], log-rates in spikes per bin: the first trial's bins first.</returns>
    /// <exception cref="ArgumentException">The trials do not belong together, or do not fit the model.</exception>
    public Variable LogRates(Tape tape, IReadOnlyList<MtmTrial> trials)
    {
        var (session, prompt) = (trials[0].Session, trials[0].Prompt);
        if (trials.Any(trial => trial.Session != session || trial.Prompt != prompt))
            throw new ArgumentException("The trials of a batch must be of one recording and under one prompt.", nameof(trials));
        var neurons = _sessions[session].Neurons;
        var counts = tape.Constant(trials.Sum(trial => trial.Bins), neurons);
        var at = 0;
        foreach (var trial in trials)
        {
            if (trial.Input.Length != trial.Bins * neurons)
                throw new ArgumentException($"A trial has {trial.Input.Length} counts, but {trial.Bins} bins of {neurons} neurons make {trial.Bins * neurons}.", nameof(trials));
            trial.Input.CopyTo(counts.Value[at..]);
            at += trial.Input.Length;
        }

        return Head(tape, States(tape, Stitch(tape, counts, session), session, prompt, [.. trials.Select(trial => trial.Bins)]), session);
    }

    /// <summary>Counts [bins, neurons] to [bins, NChannels]; without stitchers the counts themselves.</summary>
    public Variable Stitch(Tape tape, Variable counts, int session) =>
        _config.Stitching ? tape.Linear(counts, _stitchers[session].Weight, _stitchers[session].Bias) : counts;

    /// <summary>What the stitcher gives to the state of each bin, after the last normalisation.</summary>
    /// <param name="tape">Records.</param>
    /// <param name="stitched">[all bins, NChannels].</param>
    /// <param name="session">Place of the recording.</param>
    /// <param name="prompt">What is asked.</param>
    /// <param name="bins">Of each trial.</param>
    /// <returns>[all bins, HiddenSize].</returns>
    /// <exception cref="ArgumentException">A trial is longer than the model's positions.</exception>
    public Variable States(Tape tape, Variable stitched, int session, MtmPrompt prompt, IReadOnlyList<int> bins)
    {
        var layout = new MtmLayout(_config.Prefix, bins, _options.Mask(prompt));
        var x = tape.Softsign(tape.Linear(stitched, _embed.Weight, _embed.Bias), _config.EmbedScale);
        x = tape.Linear(x, _projection.Weight, _projection.Bias);
        if ((_positions is not null || _rotary is not null) && bins.Max() > _config.MaxF)
            throw new ArgumentException($"A trial has {bins.Max()} bins, but the model knows {_config.MaxF} positions. Cut trials shorter, or train a model with a larger max_f.", nameof(bins));
        if (_positions is { } positions) x = tape.Add(x, tape.Rows(positions, layout.BinPositions));

        if (_config.Prefix > 0)
        {
            var parts = new List<Variable>();
            if (_rows is { } rows) parts.Add(tape.Rows(rows, [_sessions[session].Row]));
            if (_prompts is { } prompts) parts.Add(tape.Rows(prompts, [(int)prompt]));
            parts.Add(x);
            x = tape.Gather(parts, layout.TokenParts, layout.TokenRows);
        }

        x = tape.Dropout(x, _options.Dropout.Embedding);
        foreach (var layer in _layers) x = layer.Apply(tape, x, layout, _rotary);
        x = tape.LayerNorm(x, _outNorm.Gain, _outNorm.Bias);
        return _config.Prefix > 0 ? tape.Rows(x, layout.BinTokens) : x;
    }

    /// <summary>States [bins, HiddenSize] to log-rates [bins, neurons], spikes per bin.</summary>
    public Variable Head(Tape tape, Variable states, int session) => tape.Linear(states, _heads[session].Weight, _heads[session].Bias);

    /// <summary>The head of a recording.</summary>
    internal (Parameter Weight, Parameter Bias) HeadOf(int session) => _heads[session];

    /// <summary>Column of the stitcher for a neuron, [NChannels], added to sums; the neuron itself where there is none.</summary>
    internal void AddStitched(int session, int neuron, float factor, Span<float> stitched)
    {
        if (!_config.Stitching)
        {
            stitched[neuron] += factor;
            return;
        }

        var weight = _stitchers[session].Weight;
        var values = weight.Value;
        for (var channel = 0; channel < stitched.Length; channel++) stitched[channel] += factor * values[channel * weight.Width + neuron];
    }

    /// <summary>One neuron's log-rate from a state.</summary>
    internal float LogRate(int session, int neuron, ReadOnlySpan<float> state)
    {
        var (weight, bias) = _heads[session];
        return System.Numerics.Tensors.TensorPrimitives.Dot(state, weight.Value.Slice(neuron * weight.Width, weight.Width)) + bias.Value[neuron];
    }
}
