namespace Realtime.Models.Checkpoints;

/// <summary>Makes model files from checkpoints of POYO, POSSM, MtM and Neuroformer models (docs/import.md).</summary>
public static class CheckpointImporter
{
    private const string Projections = "readout.projections.";

    /// <summary>Finds out which model the checkpoint holds, checks every tensor against its configuration, and makes a model file.</summary>
    /// <exception cref="ModelFormatException">
    /// The checkpoint holds no such model, contradicts its configuration, or the options leave something open; says what to do.
    /// </exception>
    public static ImportedModel Import(PyTorchCheckpoint checkpoint, ImportOptions options)
    {
        var state = StateDict.Find(checkpoint);
        if (state.Has(MtmImport.Anchor)) return MtmImport.Run(new ImportContext(checkpoint, state, options));
        if (state.Has(NeuroformerImport.Anchor)) return NeuroformerImport.Run(new ImportContext(checkpoint, state, options));
        RefuseRelatives(state);
        var context = new ImportContext(checkpoint, state, options);
        if (state.IsOldNaming)
        {
            context.Notes.Add("The names are those of the first public POYO code and were changed to today's. Where such a model was trained through xformers with " +
                "torch_brain before March 2025, the padding mask was inverted: such weights are suspect.");
        }

        return state.Has("readout.weight") ? PoyoImport.Run(context) : PossmImport.Run(context);
    }

    private static void RefuseRelatives(StateDict state)
    {
        const string other = "Only POYO and POSSM (GRU) can be imported (docs/import.md).";
        if (state.Names.FirstOrDefault(name => name.StartsWith("backbone.", StringComparison.Ordinal) && name.EndsWith("_reverse", StringComparison.Ordinal)) is { } reverse)
        {
            throw state.Wrong(state.Prefix + reverse, "belongs to a bidirectional GRU, which reads the future: it cannot decode a stream.",
                "Train POSSM with bidirectional=False.");
        }

        var backbone = state.Names.FirstOrDefault(name => name.StartsWith("backbone.", StringComparison.Ordinal));
        if (backbone is not null && !state.Has("backbone.net.weight_ih_l0"))
            throw state.Wrong(state.Prefix + backbone, "belongs to a backbone that is no GRU.", other);
        var projection = state.Names.FirstOrDefault(name => name.StartsWith(Projections, StringComparison.Ordinal));
        if (projection is not null && backbone is null)
        {
            throw state.Wrong(state.Prefix + projection, "is a readout of POYO+, whose queries add a task embedding that POYO does not have.", other);
        }

        if (!state.Has("readout.weight") && projection is null)
            throw state.Wrong("", "has neither 'readout.weight' (POYO) nor 'readout.projections' (POSSM).", other);
    }
}
